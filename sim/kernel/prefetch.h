/* Memory that will be needed soon, asked for early: a hint, which changes nothing but time. Any
 * address will do. A function of ours that does nothing else is taken for one that does nothing: a
 * compiler drops its calls. */
#ifndef SIM_KERNEL_PREFETCH_H
#define SIM_KERNEL_PREFETCH_H

#include <stddef.h>

#define SIM_LINE_SIZE 64u

static inline void sim_prefetch(const void *from, size_t size)
{
#if defined(__GNUC__)
    for (size_t i = 0; i < size; i += SIM_LINE_SIZE) {
        __builtin_prefetch((const char *)from + i);
    }
#else
    (void)from;
    (void)size;
#endif
}

#endif
