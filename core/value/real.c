/* The shortest decimal text of a double, by exact arithmetic on big integers.
 *
 * The value and half its distance to each neighbour are held as fractions over one denominator:
 *     value = value/scale, what reads back as it lies within (value - low, value + high)/scale.
 * Digits of value/scale are taken one by one; as soon as what remains is so small that the digits
 * so far, or those with the last one raised, lie inside the interval, they are the shortest text,
 * and the nearer of the two is taken (the even one when both are as near). The ends belong to the
 * interval when the significand is even, because reading rounds ties to even.
 *
 * The largest number handled is below 2^1024 * 10 * 4 (or 2^1075 * 20). */
#include "core/value/value.h"

#include <string.h>

#include "core/base/check.h"
#include "core/value/big.h"

#define SIGNIFICAND_BITS 52
#define EXPONENT_MASK    0x7FF
#define EXPONENT_BIAS    1075 /* of the significand as an integer */
#define DIGIT_COUNT_MAX  17
#define FIXED_EXPONENT_LOW                                                                         \
    (-5) /* 0.00001 is the smallest power of ten written without an exponent */
#define FIXED_EXPONENT_HIGH 16

typedef struct digits {
    int count;
    int exponent; /* of the first digit: d.ddd * 10^exponent */
    char text[DIGIT_COUNT_MAX + 1];
} digits;

/* Is a + b at least, or (strictly) more than, c? */
static bool sum_reaches(const sy_big *a, const sy_big *b, const sy_big *c, bool or_equal)
{
    sy_big sum;
    sy_big_copy(&sum, a);
    sy_big_add(&sum, b);
    int order = sy_big_compare(&sum, c);
    return or_equal ? order >= 0 : order > 0;
}

typedef struct fraction {
    sy_big value;
    sy_big scale;
    sy_big low;  /* half the distance to the next smaller double */
    sy_big high; /* half the distance to the next larger one */
    bool even;   /* the ends of the interval read back too */
} fraction;

/* significand * 2^exponent; `narrow`: the neighbour below is half as far as the one above. */
static void fraction_init(fraction *f, uint64_t significand, int exponent, bool narrow)
{
    int doubling = narrow ? 2 : 1;
    sy_big_set(&f->value, significand);
    sy_big_set(&f->scale, 1);
    sy_big_set(&f->low, 1);
    sy_big_set(&f->high, narrow ? 2 : 1);
    f->even = (significand & 1) == 0;
    sy_big_shift_left(&f->value, doubling + (exponent > 0 ? exponent : 0));
    sy_big_shift_left(&f->scale, doubling + (exponent < 0 ? -exponent : 0));
    if (exponent > 0) {
        sy_big_shift_left(&f->low, exponent);
        sy_big_shift_left(&f->high, exponent);
    }
}

/* Multiplies out the power of ten, so that the first digit is the quotient of value * 10 by scale.
 * Returns the exponent k: the digits are 0.ddd * 10^k. */
static int fraction_normalise(fraction *f, uint64_t significand, int exponent)
{
    int bits = 0;
    for (uint64_t rest = significand; rest != 0; rest >>= 1) {
        bits++;
    }
    /* log10(2) = 0.30103 from below for the sizes that occur: the estimate is k or k - 1 */
    int power = exponent + bits - 1;
    int k = power >= 0 ? power * 30102 / 100000 : -((-power * 30103 + 99999) / 100000);
    if (k >= 0) {
        sy_big_multiply_power_of_ten(&f->scale, k);
    } else {
        sy_big_multiply_power_of_ten(&f->value, -k);
        sy_big_multiply_power_of_ten(&f->low, -k);
        sy_big_multiply_power_of_ten(&f->high, -k);
    }
    while (sum_reaches(&f->value, &f->high, &f->scale, f->even)) {
        sy_big_multiply(&f->scale, 10);
        k++;
    }
    return k;
}

static void generate(fraction *f, int k, digits *out)
{
    out->count = 0;
    out->exponent = k - 1;
    for (;;) {
        sy_big_multiply(&f->value, 10);
        sy_big_multiply(&f->low, 10);
        sy_big_multiply(&f->high, 10);
        int digit = 0;
        while (sy_big_compare(&f->value, &f->scale) >= 0) {
            sy_big_subtract(&f->value, &f->scale);
            digit++;
        }
        int below = sy_big_compare(&f->value, &f->low);
        bool low_ok = f->even ? below <= 0 : below < 0;
        bool high_ok = sum_reaches(&f->value, &f->high, &f->scale, f->even);
        if (low_ok && high_ok) {
            int middle = sum_reaches(&f->value, &f->value, &f->scale, false)  ? 1
                         : sum_reaches(&f->value, &f->value, &f->scale, true) ? 0
                                                                              : -1;
            digit += middle > 0 || (middle == 0 && digit % 2 == 1) ? 1 : 0;
        } else if (high_ok) {
            digit++;
        }
        SY_ASSERT(digit <= 9 && out->count < DIGIT_COUNT_MAX);
        out->text[out->count++] = "0123456789"[digit];
        if (low_ok || high_ok) {
            return;
        }
    }
}

static void shortest(uint64_t significand, int biased, digits *out)
{
    bool narrow = significand == 0 && biased > 1;
    int exponent = (biased == 0 ? 1 : biased) - EXPONENT_BIAS;
    uint64_t full = biased == 0 ? significand : significand | (UINT64_C(1) << SIGNIFICAND_BITS);
    fraction f;
    fraction_init(&f, full, exponent, narrow);
    int k = fraction_normalise(&f, full, exponent);
    generate(&f, k, out);
}

static size_t add_zeros(char *out, size_t at, int count)
{
    for (; count > 0; count--) {
        out[at++] = '0';
    }
    return at;
}

static size_t add_digits(char *out, size_t at, const digits *d, int from, int count)
{
    for (int i = from; i < from + count; i++) {
        out[at] = '0';
        if (i < d->count) {
            out[at] = d->text[i];
        }
        at++;
    }
    return at;
}

static size_t add_exponent(char *out, size_t at, int exponent)
{
    int rest = exponent < 0 ? -exponent : exponent;
    out[at++] = 'e';
    out[at++] = exponent < 0 ? '-' : '+';
    if (rest >= 100) {
        out[at++] = (char)('0' + rest / 100);
    }
    if (rest >= 10) {
        out[at++] = (char)('0' + rest / 10 % 10);
    }
    out[at++] = (char)('0' + rest % 10);
    return at;
}

static size_t write_digits(const digits *d, char *out, size_t at)
{
    if (d->exponent < FIXED_EXPONENT_LOW || d->exponent >= FIXED_EXPONENT_HIGH) {
        at = add_digits(out, at, d, 0, 1);
        if (d->count > 1) {
            out[at++] = '.';
            at = add_digits(out, at, d, 1, d->count - 1);
        }
        return add_exponent(out, at, d->exponent);
    }
    if (d->exponent < 0) {
        out[at++] = '0';
        out[at++] = '.';
        at = add_zeros(out, at, -d->exponent - 1);
        return add_digits(out, at, d, 0, d->count);
    }
    int whole = d->exponent + 1;
    int fraction_count = d->count > whole ? d->count - whole : 1;
    at = add_digits(out, at, d, 0, whole);
    out[at++] = '.';
    return add_digits(out, at, d, whole, fraction_count);
}

size_t sy_real_format(double value, char out[SY_REAL_TEXT_SIZE])
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof bits);
    int biased = (int)(bits >> SIGNIFICAND_BITS) & EXPONENT_MASK;
    uint64_t significand = bits & ((UINT64_C(1) << SIGNIFICAND_BITS) - 1);
    size_t at = 0;
    if (biased == EXPONENT_MASK && significand != 0) {
        memcpy(out, "nan", 4);
        return 3;
    }
    if (bits >> 63 != 0) {
        out[at++] = '-';
    }
    if (biased == EXPONENT_MASK) {
        memcpy(out + at, "inf", 4);
        return at + 3;
    }
    digits d = {.count = 1, .exponent = 0, .text = "0"};
    if (biased != 0 || significand != 0) {
        shortest(significand, biased, &d);
    }
    at = write_digits(&d, out, at);
    out[at] = '\0';
    return at;
}
