/* Integers of up to some four thousand bits, for the text of doubles both ways. */
#ifndef SY_VALUE_BIG_H
#define SY_VALUE_BIG_H

#include <stdint.h>
#include <string.h>

#include "core/base/check.h"

#define SY_BIG_WORD_COUNT_MAX 128

typedef struct sy_big {
    uint32_t count; /* words in use; the highest is not 0 */
    uint32_t words[SY_BIG_WORD_COUNT_MAX];
} sy_big;

static inline void sy_big_set(sy_big *number, uint64_t value)
{
    number->words[0] = (uint32_t)value;
    number->words[1] = (uint32_t)(value >> 32);
    number->count = number->words[1] != 0 ? 2 : number->words[0] != 0 ? 1 : 0;
}

static inline void sy_big_copy(sy_big *to, const sy_big *from)
{
    to->count = from->count;
    memcpy(to->words, from->words, from->count * sizeof from->words[0]);
}

static inline void sy_big_push(sy_big *number, uint32_t word)
{
    SY_ASSERT(number->count < SY_BIG_WORD_COUNT_MAX);
    number->words[number->count++] = word;
}

/* number * factor + more */
static inline void sy_big_multiply_add(sy_big *number, uint32_t factor, uint32_t more)
{
    uint64_t carry = more;
    for (uint32_t i = 0; i < number->count; i++) {
        carry += (uint64_t)number->words[i] * factor;
        number->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0) {
        sy_big_push(number, (uint32_t)carry);
    }
}

static inline void sy_big_multiply(sy_big *number, uint32_t factor)
{
    sy_big_multiply_add(number, factor, 0);
}

static inline void sy_big_multiply_power_of_ten(sy_big *number, int exponent)
{
    for (; exponent >= 9; exponent -= 9) {
        sy_big_multiply(number, 1000000000);
    }
    for (; exponent > 0; exponent--) {
        sy_big_multiply(number, 10);
    }
}

static inline void sy_big_shift_left(sy_big *number, int bits)
{
    if (number->count == 0) {
        return;
    }
    for (; bits >= 31; bits -= 31) {
        sy_big_multiply(number, UINT32_C(1) << 31);
    }
    sy_big_multiply(number, UINT32_C(1) << bits);
}

static inline int sy_big_bit_count(const sy_big *number)
{
    int bits = 0;
    for (uint32_t top = number->count == 0 ? 0 : number->words[number->count - 1]; top != 0;
         top >>= 1) {
        bits++;
    }
    return bits + (number->count > 0 ? 32 * (int)(number->count - 1) : 0);
}

static inline int sy_big_compare(const sy_big *a, const sy_big *b)
{
    if (a->count != b->count) {
        return a->count > b->count ? 1 : -1;
    }
    for (uint32_t i = a->count; i-- > 0;) {
        if (a->words[i] != b->words[i]) {
            return a->words[i] > b->words[i] ? 1 : -1;
        }
    }
    return 0;
}

static inline void sy_big_add(sy_big *number, const sy_big *other)
{
    uint64_t carry = 0;
    for (uint32_t i = 0; i < other->count || carry != 0; i++) {
        if (i == number->count) {
            sy_big_push(number, 0);
        }
        carry += (uint64_t)number->words[i] + (i < other->count ? other->words[i] : 0);
        number->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* `other` is not the larger one. */
static inline void sy_big_subtract(sy_big *number, const sy_big *other)
{
    uint64_t borrow = 0;
    for (uint32_t i = 0; i < number->count; i++) {
        uint64_t less = (i < other->count ? other->words[i] : 0) + borrow;
        borrow = number->words[i] < less ? 1 : 0;
        number->words[i] = (uint32_t)(number->words[i] - less);
    }
    SY_ASSERT(borrow == 0);
    while (number->count > 0 && number->words[number->count - 1] == 0) {
        number->count--;
    }
}

#endif
