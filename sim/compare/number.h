/* Numbers in four digits or so, as a table shows them. */
#ifndef SIM_COMPARE_NUMBER_H
#define SIM_COMPARE_NUMBER_H

#include "core/base/str.h"

#define SIM_NUMBER_SIZE_MAX 32

/* "1234", "123.4", "12.34", "0.123"; out is a text that ends with a zero. */
void sim_number_print(double value, char out[SIM_NUMBER_SIZE_MAX]);

#endif
