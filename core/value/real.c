/* The shortest decimal text of a double, by exact arithmetic on big integers.
 *
 * The value and half its distance to each neighbour are held as fractions over one denominator:
 *     value = value/scale, what reads back as it lies within (value - low, value + high)/scale.
 * Digits of value/scale are taken one by one; as soon as what remains is so small that the digits
 * so far, or those with the last one raised, lie inside the interval, they are the shortest text,
 * and the nearer of the two is taken (the even one when both are as near). The ends belong to the
 * interval when the significand is even, because reading rounds ties to even.
 *
 * The largest number handled is below 2^1024 * 10 * 4 (or 2^1075 * 20), so 36 words of 32 bits hold
 * it. */
#include "core/value/value.h"

#include <string.h>

#include "core/base/check.h"

#define WORD_COUNT_MAX   40
#define SIGNIFICAND_BITS 52
#define EXPONENT_MASK    0x7FF
#define EXPONENT_BIAS    1075 /* of the significand as an integer */
#define DIGIT_COUNT_MAX  17
#define FIXED_EXPONENT_LOW                                                                         \
    (-5) /* 0.00001 is the smallest power of ten written without an exponent */
#define FIXED_EXPONENT_HIGH 16

typedef struct big {
    uint32_t count; /* words in use; the highest is not 0 */
    uint32_t words[WORD_COUNT_MAX];
} big;

typedef struct digits {
    int count;
    int exponent; /* of the first digit: d.ddd * 10^exponent */
    char text[DIGIT_COUNT_MAX + 1];
} digits;

static void big_set(big *number, uint64_t value)
{
    number->words[0] = (uint32_t)value;
    number->words[1] = (uint32_t)(value >> 32);
    number->count = number->words[1] != 0 ? 2 : number->words[0] != 0 ? 1 : 0;
}

static void big_push(big *number, uint32_t word)
{
    SY_ASSERT(number->count < WORD_COUNT_MAX);
    number->words[number->count++] = word;
}

static void big_multiply(big *number, uint32_t factor)
{
    uint64_t carry = 0;
    for (uint32_t i = 0; i < number->count; i++) {
        carry += (uint64_t)number->words[i] * factor;
        number->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0) {
        big_push(number, (uint32_t)carry);
    }
}

static void big_multiply_power_of_ten(big *number, int exponent)
{
    for (; exponent >= 9; exponent -= 9) {
        big_multiply(number, 1000000000);
    }
    for (; exponent > 0; exponent--) {
        big_multiply(number, 10);
    }
}

static void big_shift_left(big *number, int bits)
{
    if (number->count == 0) {
        return;
    }
    for (; bits >= 31; bits -= 31) {
        big_multiply(number, UINT32_C(1) << 31);
    }
    big_multiply(number, UINT32_C(1) << bits);
}

static int big_compare(const big *a, const big *b)
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

static void big_add(big *number, const big *other)
{
    uint64_t carry = 0;
    for (uint32_t i = 0; i < other->count || carry != 0; i++) {
        if (i == number->count) {
            big_push(number, 0);
        }
        carry += (uint64_t)number->words[i] + (i < other->count ? other->words[i] : 0);
        number->words[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

/* `other` is not the larger one. */
static void big_subtract(big *number, const big *other)
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

/* Is a + b at least, or (strictly) more than, c? */
static bool sum_reaches(const big *a, const big *b, const big *c, bool or_equal)
{
    big sum = *a;
    big_add(&sum, b);
    int order = big_compare(&sum, c);
    return or_equal ? order >= 0 : order > 0;
}

typedef struct fraction {
    big value;
    big scale;
    big low;   /* half the distance to the next smaller double */
    big high;  /* half the distance to the next larger one */
    bool even; /* the ends of the interval read back too */
} fraction;

/* significand * 2^exponent; `narrow`: the neighbour below is half as far as the one above. */
static void fraction_init(fraction *f, uint64_t significand, int exponent, bool narrow)
{
    int doubling = narrow ? 2 : 1;
    big_set(&f->value, significand);
    big_set(&f->scale, 1);
    big_set(&f->low, 1);
    big_set(&f->high, narrow ? 2 : 1);
    f->even = (significand & 1) == 0;
    big_shift_left(&f->value, doubling + (exponent > 0 ? exponent : 0));
    big_shift_left(&f->scale, doubling + (exponent < 0 ? -exponent : 0));
    if (exponent > 0) {
        big_shift_left(&f->low, exponent);
        big_shift_left(&f->high, exponent);
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
        big_multiply_power_of_ten(&f->scale, k);
    } else {
        big_multiply_power_of_ten(&f->value, -k);
        big_multiply_power_of_ten(&f->low, -k);
        big_multiply_power_of_ten(&f->high, -k);
    }
    while (sum_reaches(&f->value, &f->high, &f->scale, f->even)) {
        big_multiply(&f->scale, 10);
        k++;
    }
    return k;
}

static void generate(fraction *f, int k, digits *out)
{
    out->count = 0;
    out->exponent = k - 1;
    for (;;) {
        big_multiply(&f->value, 10);
        big_multiply(&f->low, 10);
        big_multiply(&f->high, 10);
        int digit = 0;
        while (big_compare(&f->value, &f->scale) >= 0) {
            big_subtract(&f->value, &f->scale);
            digit++;
        }
        int below = big_compare(&f->value, &f->low);
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
