/* Decimal text to the nearest double, ties to even, by exact arithmetic on big integers: the same
 * on every platform and in every locale.
 *
 * The text is digits * 10^exponent, written as a fraction of two integers. The fraction is scaled
 * by a power of two so that its quotient has 53 bits (fewer where the double is denormal), long
 * division gives the quotient bit by bit, and what remains says how to round. Short texts need none
 * of that: up to 15 digits and 22 powers of ten are exact doubles, and one division or product of
 * exact doubles is rounded right.
 *
 * A text has at most DIGIT_COUNT_MAX digits that matter: a halfway point between two doubles has
 * fewer than 770; what stands behind is only looked at for being zero or not. */
#include "core/value/value.h"

#include <string.h>

#include "core/value/big.h"

#define DIGIT_COUNT_MAX  780
#define SIGNIFICAND_BITS 53
#define EXPONENT_LOW     (-1074) /* of the last bit of the smallest double */
#define EXPONENT_HIGH    971     /* of the last bit of the largest one */
#define DECIMAL_HIGH     310     /* 10^310 is infinite */
#define DECIMAL_LOW      (-345)  /* below 10^-344 everything is zero */

typedef struct decimal {
    bool negative;
    bool more; /* digits that are not zero were left out */
    int count;
    int exponent; /* value: digits as an integer, times 10^exponent */
    unsigned char digits[DIGIT_COUNT_MAX];
} decimal;

static bool is_digit(sy_str text, size_t at)
{
    return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

static void take_digit(decimal *d, char c)
{
    if (d->count == 0 && c == '0') {
        return;
    }
    if (d->count < DIGIT_COUNT_MAX) {
        d->digits[d->count++] = (unsigned char)(c - '0');
        return;
    }
    d->more = d->more || c != '0';
    d->exponent++;
}

/* Counts of digits are those of a text: far below the range of int. */
static size_t read_digits(sy_str text, size_t at, bool fraction, decimal *d)
{
    for (; is_digit(text, at); at++) {
        take_digit(d, text.data[at]);
        d->exponent -= fraction ? 1 : 0;
    }
    return at;
}

static bool read_decimal(sy_str text, decimal *d)
{
    size_t at = 0;
    d->negative = text.size > 0 && text.data[0] == '-';
    at += d->negative || (text.size > 0 && text.data[0] == '+') ? 1 : 0;
    if (!is_digit(text, at) || text.size > INT32_MAX / 2) {
        return false;
    }
    at = read_digits(text, at, false, d);
    if (at < text.size && text.data[at] == '.') {
        if (!is_digit(text, at + 1)) {
            return false;
        }
        at = read_digits(text, at + 1, true, d);
    }
    if (at < text.size && (text.data[at] == 'e' || text.data[at] == 'E')) {
        at++;
        bool below = at < text.size && text.data[at] == '-';
        at += below || (at < text.size && text.data[at] == '+') ? 1 : 0;
        if (!is_digit(text, at)) {
            return false;
        }
        int exponent = 0;
        for (; is_digit(text, at); at++) {
            exponent = exponent < INT32_MAX / 20 ? exponent * 10 + (text.data[at] - '0') : exponent;
        }
        d->exponent += below ? -exponent : exponent;
    }
    return at == text.size;
}

/* Few digits and a small power of ten: one operation on exact doubles. */
static bool convert_short(const decimal *d, double *out)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (d->count > 15 || d->exponent > 22 || d->exponent < -22) {
        return false;
    }
    int64_t whole = 0;
    for (int i = 0; i < d->count; i++) {
        whole = whole * 10 + d->digits[i];
    }
    *out = d->exponent < 0 ? (double)whole / powers[-d->exponent]
                           : (double)whole * powers[d->exponent];
    return true;
}

/* value/scale * 2^-exponent lies in [2^(bits - 1), 2^bits), or below where the double is denormal.
 */
static int align(sy_big *value, sy_big *scale)
{
    int exponent = sy_big_bit_count(value) - sy_big_bit_count(scale) - SIGNIFICAND_BITS;
    for (;;) {
        exponent = exponent < EXPONENT_LOW ? EXPONENT_LOW : exponent;
        sy_big v;
        sy_big s;
        sy_big_copy(&v, value);
        sy_big_copy(&s, scale);
        sy_big_shift_left(&v, exponent < 0 ? -exponent : 0);
        sy_big_shift_left(&s, SIGNIFICAND_BITS + (exponent > 0 ? exponent : 0));
        if (sy_big_compare(&v, &s) < 0) {
            sy_big_copy(value, &v);
            sy_big_copy(scale, &s);
            return exponent;
        }
        exponent++;
    }
}

/* value / (scale / 2^53), its remainder left in `value`. */
static uint64_t divide(sy_big *value, const sy_big *scale)
{
    uint64_t quotient = 0;
    for (int i = 0; i < SIGNIFICAND_BITS; i++) {
        sy_big_shift_left(value, 1);
        quotient <<= 1;
        if (sy_big_compare(value, scale) >= 0) {
            sy_big_subtract(value, scale);
            quotient |= 1;
        }
    }
    return quotient;
}

static double compose(uint64_t significand, int exponent)
{
    if (significand == UINT64_C(1) << SIGNIFICAND_BITS) {
        significand >>= 1;
        exponent++;
    }
    uint64_t hidden = UINT64_C(1) << (SIGNIFICAND_BITS - 1);
    uint64_t biased = significand < hidden ? 0 : (uint64_t)(exponent - EXPONENT_LOW + 1);
    uint64_t bits = biased << (SIGNIFICAND_BITS - 1) | (significand & (hidden - 1));
    if (exponent > EXPONENT_HIGH) {
        bits = UINT64_C(0x7FF) << (SIGNIFICAND_BITS - 1);
    }
    double real = 0;
    memcpy(&real, &bits, sizeof real);
    return real;
}

static double convert(const decimal *d)
{
    sy_big value;
    sy_big scale;
    sy_big_set(&value, 0);
    sy_big_set(&scale, 1);
    for (int i = 0; i < d->count; i++) {
        sy_big_multiply_add(&value, 10, d->digits[i]);
    }
    sy_big_multiply_power_of_ten(&value, d->exponent > 0 ? d->exponent : 0);
    sy_big_multiply_power_of_ten(&scale, d->exponent < 0 ? -d->exponent : 0);
    int exponent = align(&value, &scale);
    uint64_t significand = divide(&value, &scale);
    sy_big_shift_left(&value, 1);
    int rest = sy_big_compare(&value, &scale); /* against a half */
    if (rest > 0 || (rest == 0 && (d->more || (significand & 1) != 0))) {
        significand++;
    }
    return compose(significand, exponent);
}

bool sy_real_parse(sy_str text, double *out)
{
    decimal d;
    d.negative = d.more = false;
    d.count = d.exponent = 0;
    if (!read_decimal(text, &d)) {
        return false;
    }
    double real = 0;
    if (d.count > 0 && d.count + d.exponent > DECIMAL_HIGH) {
        return false;
    }
    if (d.count > 0 && d.count + d.exponent > DECIMAL_LOW && !convert_short(&d, &real)) {
        real = convert(&d);
    }
    if (real - real != 0.0) { /* infinite */
        return false;
    }
    *out = d.negative ? -real : real;
    return true;
}
