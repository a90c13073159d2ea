/* The logarithm comes bit by bit, from squaring the mantissa; the power is the product of a
 * constant for each bit of the exponent; the normal distribution is a table over the logarithm of
 * its tail, in which it is smooth, with cubics between. */
#include "sim/kernel/fixed.h"

#include "core/base/check.h"

#define HALF_BITS  32
#define MASK       UINT64_C(0xffffffff)
#define STEP_BITS  29 /* a step of the table is 2^29 in q32: an eighth */
#define TABLE_BITS 24 /* its values are in 1/2^24 */

int64_t sim_fixed_scale(int64_t value, int64_t factor_q32)
{
    SY_ASSERT(value >= 0 && factor_q32 >= 0);
    const uint64_t a = (uint64_t)value;
    const uint64_t b = (uint64_t)factor_q32;
    const uint64_t high = (a >> HALF_BITS) * (b >> HALF_BITS); /* in units of 2^32 */
    const uint64_t low = ((a & MASK) * (b & MASK)) >> HALF_BITS;
    const uint64_t cross_a = (a >> HALF_BITS) * (b & MASK);
    const uint64_t cross_b = (a & MASK) * (b >> HALF_BITS);
    /* Each of both halves is below 2^63, so that their sum can be told. */
    if (high >> 31 != 0 || cross_a + cross_b > INT64_MAX ||
        (high << HALF_BITS) + cross_a + cross_b + low > INT64_MAX) {
        return INT64_MAX;
    }
    return (int64_t)((high << HALF_BITS) + cross_a + cross_b + low);
}

int64_t sim_fixed_log2(uint64_t value)
{
    SY_ASSERT(value >= 1);
    int whole = 63;
    while (value >> 63 == 0) {
        value <<= 1;
        whole--;
    }
    uint64_t mantissa = value >> HALF_BITS; /* [2^31, 2^32): one to two */
    uint64_t fraction = 0;
    for (int bit = 0; bit < HALF_BITS; bit++) {
        const uint64_t square = mantissa * mantissa;
        const unsigned over = (unsigned)(square >> 63);
        fraction = fraction << 1 | over;
        mantissa = square >> (31 + over);
    }
    return ((int64_t)whole << HALF_BITS) + (int64_t)fraction;
}

/* 2^(1/2), 2^(1/4), 2^(1/8)... in 1/2^31. */
static const uint32_t roots[HALF_BITS] = {
    3037000500u, 2553802834u, 2341847524u, 2242560872u, 2194507417u, 2170868212u, 2159144272u,
    2153306067u, 2150392887u, 2148937775u, 2148210589u, 2147847087u, 2147665360u, 2147574502u,
    2147529075u, 2147506361u, 2147495005u, 2147489326u, 2147486487u, 2147485068u, 2147484358u,
    2147484003u, 2147483825u, 2147483737u, 2147483692u, 2147483670u, 2147483659u, 2147483654u,
    2147483651u, 2147483649u, 2147483649u, 2147483648u,
};

int64_t sim_fixed_exp2(int64_t exponent_q32)
{
    if (exponent_q32 >= INT64_C(31) << HALF_BITS) {
        exponent_q32 = (INT64_C(31) << HALF_BITS) - 1;
    }
    if (exponent_q32 < -(INT64_C(32) << HALF_BITS)) {
        return 0;
    }
    const uint64_t shifted = (uint64_t)(exponent_q32 + (INT64_C(32) << HALF_BITS)); /* >= 0 */
    const unsigned whole = (unsigned)(shifted >> HALF_BITS);
    uint64_t power = UINT64_C(1) << 31;
    for (unsigned bit = 0; bit < HALF_BITS; bit++) {
        if ((shifted >> (HALF_BITS - 1 - bit) & 1) != 0) {
            power = (power * roots[bit]) >> 31;
        }
    }
    /* 2^(whole - 32) of `power` / 2^31, in 1/2^32. */
    return (int64_t)(whole >= 31 ? power << (whole - 31) : power >> (31 - whole));
}

/* For 1, 1 1/8, 1 1/4... halvings. */
static const int32_t tails[] = {
    0,         1748325,   3367976,   4880983,   6303948,   7649715,   8928445,   10148325,
    11316060,  12437214,  13516462,  14557770,  15564541,  16539710,  17485837,  18405161,
    19299660,  20171087,  21021004,  21850810,  22661763,  23455002,  24231555,  24992360,
    25738272,  26470074,  27188484,  27894164,  28587724,  29269728,  29940700,  30601125,
    31251455,  31892112,  32523490,  33145958,  33759860,  34365521,  34963247,  35553323,
    36136021,  36711595,  37280288,  37842327,  38397928,  38947297,  39490629,  40028108,
    40559910,  41086203,  41607146,  42122892,  42633586,  43139366,  43640366,  44136712,
    44628526,  45115925,  45599020,  46077918,  46552722,  47023531,  47490440,  47953541,
    48412920,  48868664,  49320852,  49769565,  50214878,  50656863,  51095593,  51531134,
    51963552,  52392912,  52819275,  53242701,  53663247,  54080969,  54495921,  54908156,
    55317725,  55724676,  56129058,  56530917,  56930298,  57327245,  57721800,  58114004,
    58503899,  58891522,  59276912,  59660105,  60041138,  60420046,  60796862,  61171620,
    61544353,  61915091,  62283865,  62650706,  63015642,  63378702,  63739914,  64099305,
    64456901,  64812728,  65166812,  65519177,  65869848,  66218847,  66566197,  66911922,
    67256044,  67598583,  67939561,  68278998,  68616915,  68953331,  69288265,  69621737,
    69953765,  70284367,  70613561,  70941364,  71267793,  71592865,  71916596,  72239003,
    72560101,  72879905,  73198431,  73515693,  73831707,  74146485,  74460043,  74772394,
    75083552,  75393529,  75702339,  76009995,  76316509,  76621894,  76926161,  77229323,
    77531391,  77832376,  78132291,  78431146,  78728952,  79025719,  79321459,  79616182,
    79909897,  80202616,  80494347,  80785100,  81074886,  81363713,  81651591,  81938529,
    82224535,  82509619,  82793790,  83077055,  83359423,  83640903,  83921503,  84201230,
    84480094,  84758100,  85035258,  85311575,  85587058,  85861714,  86135551,  86408577,
    86680797,  86952219,  87222851,  87492697,  87761766,  88030064,  88297597,  88564372,
    88830394,  89095671,  89360208,  89624011,  89887087,  90149441,  90411078,  90672006,
    90932228,  91191752,  91450582,  91708724,  91966184,  92222965,  92479075,  92734517,
    92989298,  93243421,  93496893,  93749717,  94001899,  94253444,  94504356,  94754640,
    95004301,  95253343,  95501770,  95749588,  95996800,  96243411,  96489425,  96734846,
    96979679,  97223928,  97467596,  97710689,  97953209,  98195161,  98436549,  98677376,
    98917647,  99157365,  99396534,  99635158,  99873240,  100110784, 100347793, 100584272,
    100820223, 101055650, 101290556, 101524946, 101758821, 101992186, 102225044, 102457397,
    102689250, 102920606, 103151466, 103381836, 103611717, 103841113, 104070027, 104298462,
    104526420, 104753905, 104980920, 105207467, 105433549, 105659169, 105884330, 106109035,
    106333286, 106557086,
};

#define TAIL_COUNT (sizeof tails / sizeof tails[0])

int64_t sim_fixed_normal_tail(int64_t halvings_q32)
{
    const int64_t from = halvings_q32 - SIM_FIXED_ONE;
    SY_ASSERT(from >= 0 && from >> STEP_BITS < (int64_t)TAIL_COUNT - 1);
    /* The cubic through four nodes, the place between the inner two unless it is at an end. */
    const int64_t last = (int64_t)TAIL_COUNT - 4;
    const int64_t inner = (from >> STEP_BITS) - 1;
    const int64_t first = inner < 0 ? 0 : inner > last ? last : inner;
    const int32_t *y = tails + first;
    const int64_t one = INT64_C(1) << STEP_BITS;
    const int64_t s = from - first * one; /* 0 to 3 steps */
    const int64_t pair = s * (s - one) / one;
    const int64_t triple = pair * (s - 2 * one) / one;
    const int64_t d1 = (int64_t)y[1] - y[0];
    const int64_t d2 = (int64_t)y[2] - y[1] - d1;
    const int64_t d3 = (int64_t)y[3] - 2 * (int64_t)y[2] + y[1] - d2;
    const int64_t rest = d1 * s + d2 * (pair / 2) + d3 * (triple / 6); /* times `one` */
    return y[0] * (INT64_C(1) << (HALF_BITS - TABLE_BITS)) +
           rest / (INT64_C(1) << (STEP_BITS - (HALF_BITS - TABLE_BITS)));
}
