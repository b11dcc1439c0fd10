/* The limit: one run of soemrisk as a C programmer would write it for speed, for one kind of scenario.
 *
 *     cc -O3 -march=native -std=gnu11 -o limit limit.c -lm -pthread
 *     ./limit FILE THREADS
 *
 * FILE is what limit.py writes of a scenario: 8-byte words in the order of `read_job` below. It does for each draw what
 * `soemrisk run` does: the same scrambled Sobol' points in 16 replicates, quantiles by the same tables, successes in
 * whole persons by inversion, the stated band and the one with all consequences fully correlated; net, E[net | theta]
 * and correlated net by actor, the net result by area, by year and cumulated, break-even and payment for each success.
 * Of each of these mean, sd, share above 0 and eight quantiles, with their errors from the replicates; payback years,
 * and the chances that a run tells of. Printed as JSON; limit.py gives the figures their names.
 *
 * What makes it fast:
 * - 1024 draws at a time; rows of them stay in the nearest memories, and no array of draws x inputs or draws x results.
 * - A block of 2^k Sobol' points has one point in each of 2^k strata of every input. So the points of an input are put
 *   in the order of strata (one store each), where neighbours share the cell of the table: its polynomial is evaluated
 *   with ten constants in registers, eight draws at once, and nothing is looked up but in the outer tails.
 * - Scrambling works modulo 2^64 on mirrored words, eight at a time; the XOR of direction numbers in Gray's order.
 * - Points that can change nothing are not made (numbers of completers that are whole, successes without).
 * - What normal inputs have in common is calculated once: the correlated band takes two normal scores for each draw.
 * - All cohorts of one size share the masses of one binomial distribution, summed for eight draws at once.
 * - Results are counted in bins of equal width (a pilot gives the range) right after they are calculated; 0 begins a
 *   bin, and draws of exactly 0 are counted apart. Results that are 0 in all draws, or the same as others, are not counted.
 * Threads take replicates; what they leave is put together in the order of replicates, so their number changes nothing.
 * Memory is left to the system when the program ends. */

#include <math.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#if defined(__AVX512F__)
#include <immintrin.h>
#endif

enum { LANES = 8, LOG_BLOCK = 10, BLOCK = 1 << LOG_BLOCK, BINS = 2048, PILOT = 256, ROUNDS = 4, DIGITS = 32 };
enum { TERMS_OF_CELL = 10, LEVELS = 8, MAGIC = 20251122 };
static const double LEVEL[LEVELS] = {0.05, 0.10, 0.25, 0.30, 0.50, 0.75, 0.90, 0.95};

typedef double v8 __attribute__((vector_size(64)));
typedef int64_t i8 __attribute__((vector_size(64)));
typedef uint64_t w8 __attribute__((vector_size(64)));
typedef int32_t q8 __attribute__((vector_size(32)));
typedef uint16_t h8 __attribute__((vector_size(16)));
typedef int64_t word;

/* ---- stages, timed on request (-DSTAGES, for one thread) ---- */
enum { POINTS, STRATA, POLYNOMIALS, TERMS, CHANCE, EVALUATION, MOMENTS, COUNTING, TOLD, CLOSING, STAGES_ };
#ifdef STAGES
static double spent[STAGES_];
static _Thread_local double since;
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return 1e9 * t.tv_sec + t.tv_nsec; }
#define BEGIN() (since = now())
#define END(stage) do { double at = now(); spent[stage] += at - since; since = at; } while (0)
#else
#define BEGIN() ((void)0)
#define END(stage) ((void)0)
#endif

/* ---- the job: what is calculated ---- */
typedef struct {
    word replicates, log_size, columns, tables, rows, inputs, actors, areas, years, cohorts, groups, moved_groups, terms;
    word entries, moved_entries, moved_rows, costs, factor, rate_with, rate_without;
    const uint64_t *numbers, *constants; /* (columns, 32); (replicates, columns, 3 rounds) */
    const double *table;                 /* (tables, rows, 10) */
    const word *input_table, *input_column;
    const double *location, *scale;      /* value = location + scale x table */
    const word *chance_column;           /* (cohorts); the last column is the common point of the correlated band */
    const double *completers, *left, *discount; /* (cohorts), (cohorts, years), (cohorts): kr. of a success, discounted */
    const word *price, *change, *group, *moved_group, *moved_row; /* (terms) */
    const double *weight, *moved_weight;
    const word *row_table, *row_turned;  /* (moved_rows): scores at the common point, or at 1 - it; none: one change alone */
    const word *from, *sum, *moved_from, *moved_actor; /* where groups add to: area x actors + actor; actor */
    const double *share, *moved_share;
    const word *cost_input, *cost_area;
    const double *cost;                  /* (costs, actors, years), discounted */
    const double *promised;
    const word *root;                    /* 1: inside no other actor */
} Job;

static const void *cursor;
static const void *taken(word words) { const void *here = cursor; cursor = (const word *)here + words; return here; }

static Job read_job(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) { perror(path); exit(2); }
    long size = ftell(file);
    rewind(file);
    void *bytes = aligned_alloc(64, (size_t)(size + 64) / 64 * 64);
    if (!bytes || fread(bytes, 1, (size_t)size, file) != (size_t)size) { perror(path); exit(2); }
    fclose(file);
    cursor = bytes;
    if (*(const word *)taken(1) != MAGIC) { fprintf(stderr, "%s: not of limit.py\n", path); exit(2); }
    Job j;
    memcpy(&j, taken(20), 20 * sizeof(word));
    j.numbers = taken(j.columns * DIGITS), j.constants = taken(j.replicates * j.columns * 3 * ROUNDS);
    j.table = taken(j.tables * j.rows * TERMS_OF_CELL);
    j.input_table = taken(j.inputs), j.input_column = taken(j.inputs);
    j.location = taken(j.inputs), j.scale = taken(j.inputs);
    j.chance_column = taken(j.cohorts), j.completers = taken(j.cohorts);
    j.left = taken(j.cohorts * j.years), j.discount = taken(j.cohorts);
    j.price = taken(j.terms), j.change = taken(j.terms), j.group = taken(j.terms), j.moved_group = taken(j.terms);
    j.moved_row = taken(j.terms), j.weight = taken(j.terms), j.moved_weight = taken(j.terms);
    j.row_table = taken(j.moved_rows), j.row_turned = taken(j.moved_rows);
    j.from = taken(j.groups + 1), j.sum = taken(j.entries), j.share = taken(j.entries);
    j.moved_from = taken(j.moved_groups + 1), j.moved_actor = taken(j.moved_entries), j.moved_share = taken(j.moved_entries);
    j.cost_input = taken(j.costs), j.cost_area = taken(j.costs), j.cost = taken(j.costs * j.actors * j.years);
    j.promised = taken(j.actors), j.root = taken(j.actors);
    return j;
}

/* ---- results: which are counted, and what is kept of them ---- */
/* In this order, actors innermost: net, expected, correlated, by area, by year, cumulated, break-even, payment. */
typedef struct { word net, expected, correlated, area, year, cumulated, break_even, payment, all; } Places;

static Places places_of(const Job *j) {
    word a = j->actors;
    Places p = {0, a, 2 * a, 3 * a, (3 + j->areas) * a, (3 + j->areas + j->years) * a, 0, 0, 0};
    p.break_even = p.cumulated + j->years * a, p.payment = p.break_even + a, p.all = p.payment + a;
    return p;
}

typedef struct { double origin, scale, shift; } Frame; /* bin of x: scale x + shift; shift is whole, so 0 begins a bin */
typedef struct { v8 sum, squares; i8 above, zero; } Moments;

/* What one replicate leaves of a result. */
typedef struct { double mean, squares, above, zero, quantile[LEVELS], lowest; } Left;

enum { BELOW, SHORTFALL, ALWAYS, NEVER, ABOVE_ONE, FALLING, LOSES, REACHABLE, CHANCE_VARIANCE, TOLD_BY_ACTOR };
enum { ALL_GAIN, NONE_GAINS, NEGATIVE_RATE, TOLD_OF_ALL };

/* What a thread works with; rows of BLOCK draws. */
typedef struct {
    const Job *job;
    Places place;
    word size, block, pilot;     /* points of a replicate and of a block; whether results are kept for the pilot */
    const Frame *frames;         /* (results) */
    const uint8_t *same;         /* (results): 1: not counted, since it is 0 in all draws or another one's twin */
    double *pilot_rows;          /* (results, PILOT) */
    uint32_t *bins, *pooled;     /* (results, BINS) */
    double *bin_sums;            /* (actors, BINS): sums of net, for the mean of the lowest tenth */
    Moments *moments;            /* (results) */
    v8 *told;                    /* (TOLD_BY_ACTOR, actors) and TOLD_OF_ALL */
    word *paid_back;             /* (actors, years + 1, LANES) */
    double *u, *sorted, *value, *one, *other, *rows; /* rows: see `Rows` */
    uint16_t *place_of, *bin_of;
} Work;

typedef struct {
    double *net_rate, *factor, *cost;         /* 1, 1, costs */
    double *groups, *moved_groups, *scores;   /* sums of terms as stated and correlated; scores at the common point */
    double *drawn, *by_year, *whole, *success; /* net successes by cohort; kr. of one krone by year, in all; discounted */
    double *slot, *net, *expected, *correlated; /* by actor: kr. of a success, and results */
} Rows;

static double *row_block(double **next, word rows) { double *here = *next; *next += rows * BLOCK; return here; }

static Rows rows_of(const Work *w) {
    const Job *j = w->job;
    double *next = w->rows;
    Rows r;
    r.net_rate = row_block(&next, 1), r.factor = row_block(&next, 1), r.cost = row_block(&next, j->costs);
    r.groups = row_block(&next, j->groups), r.moved_groups = row_block(&next, j->moved_groups);
    r.scores = row_block(&next, j->moved_rows), r.drawn = row_block(&next, j->cohorts);
    r.by_year = row_block(&next, j->years), r.whole = row_block(&next, 1), r.success = row_block(&next, 1);
    r.slot = row_block(&next, j->actors), r.net = row_block(&next, j->actors);
    r.expected = row_block(&next, j->actors), r.correlated = row_block(&next, j->actors);
    return r;
}
static word number_of_rows(const Job *j) {
    return 4 + j->costs + j->groups + j->moved_groups + j->moved_rows + j->cohorts + j->years + 4 * j->actors;
}

/* ---- points ---- */
static inline w8 mirrored(w8 x) { /* bits of each word in the other order */
#if defined(__GFNI__) && defined(__AVX512BW__)
    const __m512i bytes = _mm512_set_epi64(0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607,
                                           0x08090a0b0c0d0e0f, 0x0001020304050607, 0x08090a0b0c0d0e0f, 0x0001020304050607);
    __m512i turned = _mm512_gf2p8affine_epi64_epi8((__m512i)x, _mm512_set1_epi64((long long)0x8040201008040201ULL), 0);
    return (w8)_mm512_shuffle_epi8(turned, bytes);
#else
    const uint64_t one = 0x5555555555555555, two = 0x3333333333333333, four = 0x0f0f0f0f0f0f0f0f;
    x = ((x >> 1) & one) | ((x & one) << 1);
    x = ((x >> 2) & two) | ((x & two) << 2);
    x = ((x >> 4) & four) | ((x & four) << 4);
    x = ((x >> 8) & 0x00ff00ff00ff00ff) | ((x & 0x00ff00ff00ff00ff) << 8);
    x = ((x >> 16) & 0x0000ffff0000ffff) | ((x & 0x0000ffff0000ffff) << 16);
    return (x >> 32) | (x << 32);
#endif
}

static inline w8 all_w(uint64_t x) { return (w8){x, x, x, x, x, x, x, x}; }
static inline v8 all_v(double x) { return (v8){x, x, x, x, x, x, x, x}; }

static inline v8 chosen(i8 where, v8 yes, v8 no) { return (v8)((where & (i8)yes) | (~where & (i8)no)); }
#ifdef __AVX512F__
static inline v8 greater(v8 a, v8 b) { return (v8)_mm512_max_pd((__m512d)a, (__m512d)b); }
static inline v8 lesser(v8 a, v8 b) { return (v8)_mm512_min_pd((__m512d)a, (__m512d)b); }
#else
static inline v8 greater(v8 a, v8 b) { return chosen(a > b, a, b); }
static inline v8 lesser(v8 a, v8 b) { return chosen(a < b, a, b); }
#endif

/* Points of a column from `start` on, w->u, and the stratum of each, w->place_of. */
static void make_points(Work *w, word column, word replicate, word start) {
    const Job *j = w->job;
    const uint64_t *number = j->numbers + column * DIGITS;
    const uint64_t *constant = j->constants + (replicate * j->columns + column) * 3 * ROUNDS;
    int level = 0;
    while ((1 << level) < w->block) level++;
    uint64_t base = 0, gray = (uint64_t)start ^ ((uint64_t)start >> 1);
    for (int bit = 0; bit < DIGITS; bit++) base ^= (gray >> bit & 1) ? number[bit] : 0;
    uint64_t first[LANES];
    for (int lane = 0; lane < LANES; lane++)
        first[lane] = base ^ (lane & 1 ? number[0] : 0) ^ (lane & 2 ? number[1] : 0) ^ (lane & 4 ? number[2] : 0);
    w8 words;
    memcpy(&words, first, sizeof words);
    w8 add[ROUNDS], odd[ROUNDS], even[ROUNDS];
    for (int r = 0; r < ROUNDS; r++) {
        add[r] = all_w(constant[r] * (constant[ROUNDS + r] | 1)); /* (x + a) o = x o + a o */
        odd[r] = all_w(constant[ROUNDS + r] | 1), even[r] = all_w(constant[2 * ROUNDS + r] & ~(uint64_t)1);
    }
    v8 *u = (v8 *)w->u;
    h8 *place = (h8 *)w->place_of;
    for (word n = 0; n < w->block / LANES; n++) {
        if (n) words ^= number[3 + __builtin_ctzll((uint64_t)n)];
        w8 x = words;
        for (int r = 0; r < ROUNDS; r++) {
            x = x * odd[r] + add[r];
            x ^= x * even[r];
        }
        x = mirrored(x);
        u[n] = (__builtin_convertvector(x >> 12, v8) + 0.5) * 0x1p-52;
        place[n] = __builtin_convertvector(x >> (64 - level), h8);
    }
}

/* ---- quantiles ---- */
static inline double look_up(const double *table, word rows, double u) {
    double above = 1.0 - u, v = u < above ? u : above;
    uint64_t bits, argument;
    memcpy(&bits, &v, 8);
    word cell = (word)(bits >> 50) - ((1023 - 53) << 2) + (u > above ? rows / 2 + 1 : 1);
    argument = ((bits << 2) & 0x000fffffffffffff) | 0x3ff0000000000000;
    double t;
    memcpy(&t, &argument, 8);
    t -= 1.5;
    const double *c = table + cell * TERMS_OF_CELL;
    double s = t * t;
    double even = (((c[8] * s + c[6]) * s + c[4]) * s + c[2]) * s + c[0];
    double odd = (((c[9] * s + c[7]) * s + c[5]) * s + c[3]) * s + c[1];
    return even + t * odd;
}

/* Points in the order of strata, w->sorted. */
static void put_in_order(Work *w) {
    if (w->block == BLOCK)
#pragma GCC unroll 8
        for (word i = 0; i < BLOCK; i++) w->sorted[w->place_of[i]] = w->u[i];
}

/* One cell: strata from `first` on, argument of the polynomial u x steep + height. */
static inline void along(const double *c, const double *u, word first, word count, double steep, double height,
                         double *out) {
    const v8 *x = (const v8 *)(u + first);
    v8 *y = (v8 *)(out + first);
    for (word n = 0; n < count / LANES; n++) {
        v8 t = x[n] * steep + height, s = t * t;
        v8 even = (((c[8] * s + c[6]) * s + c[4]) * s + c[2]) * s + c[0];
        v8 odd = (((c[9] * s + c[7]) * s + c[5]) * s + c[3]) * s + c[1];
        y[n] = even + t * odd;
    }
}

/* Values of a table at w->sorted: in the order of strata (whole blocks), else at w->u in their own order. */
static void values_of(const Work *w, word which, double *out) {
    word rows = w->job->rows;
    const double *table = w->job->table + which * rows * TERMS_OF_CELL;
    if (w->block < BLOCK) {
        for (word i = 0; i < w->block; i++) out[i] = look_up(table, rows, w->u[i]);
        return;
    }
    word narrow = BLOCK / 2; /* strata of the octave in hand; four cells each, at least eight strata a cell */
    for (int octave = 1; narrow >= 4 * LANES * 2; octave++) {
        narrow /= 2;
        for (int quarter = 0; quarter < 4; quarter++) {
            word count = narrow / 4, first = narrow + quarter * count;
            word cell = (52 - octave) * 4 + quarter;
            double steep = (double)BLOCK / (double)count;
            double height = -(double)first / (double)count - 0.5;
            along(table + (1 + cell) * TERMS_OF_CELL, w->sorted, first, count, steep, height, out);
            along(table + (rows / 2 + 1 + cell) * TERMS_OF_CELL, w->sorted, BLOCK - first - count, count, -steep,
                  steep + height, out);
        }
    }
    for (word i = 0; i < narrow; i++) out[i] = look_up(table, rows, w->sorted[i]);
    for (word i = BLOCK - narrow; i < BLOCK; i++) out[i] = look_up(table, rows, w->sorted[i]);
}

/* Values of an input, in the order of draws. */
static void draw(Work *w, word input, word replicate, word start, double *out) {
    const Job *j = w->job;
    BEGIN();
    make_points(w, j->input_column[input], replicate, start);
    END(POINTS);
    put_in_order(w);
    END(STRATA);
    values_of(w, j->input_table[input], w->value);
    END(POLYNOMIALS);
    double location = j->location[input], scale = j->scale[input];
    if (w->block == BLOCK)
#pragma GCC unroll 8
        for (word i = 0; i < BLOCK; i++) out[i] = w->value[w->place_of[i]];
    else
        memcpy(out, w->value, (size_t)w->block * sizeof *out);
    if (location != 0.0 || scale != 1.0)
        for (word i = 0; i < w->block; i++) out[i] = location + scale * out[i];
    END(STRATA);
}

/* ---- chance ---- */
/* Smallest m with P(M <= m) >= u for M ~ Binomial(number, |rate|), with the sign of the rate; cohorts of one size. */
static void succeed(word block, word number, word cohorts, double *const *points, const double *rates, double *const *out) {
    for (word n = 0; n < block / LANES; n++) {
        v8 rate = ((const v8 *)rates)[n];
        i8 negative = rate < 0.0;
        v8 size = chosen(negative, -rate, rate);
        i8 turned = size > 0.5;
        v8 rare = chosen(turned, 1.0 - size, size), odds = rare / (1.0 - rare);
        v8 mass = all_v(1.0), power = 1.0 - rare;
        for (word left = number; left; left >>= 1, power *= power)
            if (left & 1) mass *= power;
        v8 below = mass, wanted[8];
        i8 found[8];
        for (word c = 0; c < cohorts; c++) {
            v8 u = ((const v8 *)points[c])[n];
            wanted[c] = chosen(turned, 1.0 - u, u), found[c] = (i8)all_w(0);
        }
        for (word m = 0; m < number; m++) {
            i8 any = (i8)all_w(0);
            for (word c = 0; c < cohorts; c++) {
                i8 more = below < wanted[c];
                found[c] -= more, any |= more;
            }
            if (!(any[0] | any[1] | any[2] | any[3] | any[4] | any[5] | any[6] | any[7])) break;
            mass *= odds * ((double)(number - m) / (double)(m + 1));
            below += mass;
        }
        for (word c = 0; c < cohorts; c++) {
            v8 count = __builtin_convertvector(found[c], v8);
            count = chosen(turned, (double)number - count, count);
            ((v8 *)out[c])[n] = chosen(negative, -count, count);
        }
    }
}

static void draw_chance(Work *w, const Rows *r, word replicate, word start) {
    const Job *j = w->job;
    for (word c = 0; c < j->cohorts; c++) {
        BEGIN();
        make_points(w, j->chance_column[c], replicate, start);
        END(POINTS);
        memcpy(r->drawn + c * BLOCK, w->u, (size_t)w->block * sizeof *w->u);
    }
    BEGIN();
    uint64_t done = 0;
    for (word c = 0; c < j->cohorts; c++) {
        double *rows[8];
        word together = 0;
        for (word d = c; d < j->cohorts && together < 8; d++)
            if (!(done >> d & 1) && j->completers[d] == j->completers[c])
                rows[together++] = r->drawn + d * BLOCK, done |= (uint64_t)1 << d;
        if (together) succeed(w->block, (word)j->completers[c], together, rows, r->net_rate, rows);
    }
    END(CHANCE);
}

/* ---- counting ---- */
static inline h8 bin_numbers(v8 x, Frame f) {
    x = lesser(greater(x * f.scale + f.shift, all_v(0.0)), all_v(BINS - 1.0));
    return __builtin_convertvector(__builtin_convertvector(x, q8), h8);
}

static void add_bins(Work *w, word result) {
    uint32_t *bins = w->bins + result * BINS;
    const uint16_t *bin = w->bin_of;
#pragma GCC unroll 8
    for (word i = 0; i < w->block; i++) bins[bin[i]]++;
}

static void keep_for_pilot(Work *w, word result, const double *row) {
    word step = w->block > PILOT ? w->block / PILOT : 1;
    for (word i = 0; i < PILOT && i * step < w->block; i++) w->pilot_rows[result * PILOT + i] = row[i * step];
}

static void count(Work *w, word result, const double *row) {
    if (w->pilot) { keep_for_pilot(w, result, row); return; }
    BEGIN();
    Moments *m = w->moments + result;
    const Frame f = w->frames[result];
    h8 *bin = (h8 *)w->bin_of;
    v8 sum = all_v(0.0), squares = sum, origin = all_v(f.origin);
    i8 above = (i8)all_w(0), zero = above;
    for (word n = 0; n < w->block / LANES; n++) {
        v8 x = ((const v8 *)row)[n], apart = x - origin;
        sum += apart, squares += apart * apart;
        above -= x > 0.0, zero -= x == 0.0;
        bin[n] = bin_numbers(x, f);
    }
    m->sum += sum, m->squares += squares, m->above += above, m->zero += zero;
    END(MOMENTS);
    add_bins(w, result);
    END(COUNTING);
}

/* A result that may be infinite: quantiles alone. */
static void count_ratio(Work *w, word result, const double *row) {
    if (w->pilot) { keep_for_pilot(w, result, row); return; }
    BEGIN();
    i8 zero = (i8)all_w(0);
    for (word n = 0; n < w->block / LANES; n++) {
        v8 x = ((const v8 *)row)[n];
        zero -= x == 0.0;
        ((h8 *)w->bin_of)[n] = bin_numbers(x, w->frames[result]);
    }
    w->moments[result].zero += zero;
    END(MOMENTS);
    add_bins(w, result);
    END(COUNTING);
}

/* ---- one block ---- */
static void sum_terms(Work *w, const Rows *r, word replicate, word start) {
    const Job *j = w->job;
    word lanes = w->block / LANES;
    memset(r->groups, 0, (size_t)((j->groups + j->moved_groups) * BLOCK) * sizeof *r->groups);
    BEGIN();
    make_points(w, j->columns - 1, replicate, start);
    END(POINTS);
    word turned = 0;
    for (word m = 0; m < j->moved_rows; m++) {
        BEGIN();
        if (j->row_turned[m] != turned)
            for (word i = 0; i < w->block; i++) {
                w->u[i] = 1.0 - w->u[i];
                w->place_of[i] = (uint16_t)(w->block - 1 - w->place_of[i]);
            }
        turned = j->row_turned[m];
        put_in_order(w);
        END(STRATA);
        values_of(w, j->row_table[m], w->value);
        END(POLYNOMIALS);
        double *scores = r->scores + m * BLOCK;
        for (word i = 0; i < w->block; i++) scores[i] = w->value[w->block == BLOCK ? w->place_of[i] : i];
        END(STRATA);
    }
    for (word t = 0; t < j->terms; t++) {
        draw(w, j->price[t], replicate, start, w->other);
        word change = j->change[t];
        draw(w, change, replicate, start, w->one);
        double weight = j->weight[t], moved_weight = j->moved_weight[t];
        double location = j->location[change] * moved_weight, scale = j->scale[change] * moved_weight;
        const v8 *price = (const v8 *)w->other, *drawn = (const v8 *)w->one;
        const v8 *score = (const v8 *)(r->scores + j->moved_row[t] * BLOCK);
        v8 *group = (v8 *)(r->groups + j->group[t] * BLOCK), *moved = (v8 *)(r->moved_groups + j->moved_group[t] * BLOCK);
        for (word n = 0; n < lanes; n++) {
            v8 p = price[n];
            group[n] += p * (weight * drawn[n]);
            if (j->moved_rows) moved[n] += p * (location + scale * score[n]);
        }
        END(TERMS);
    }
}

static v8 *row_v(double *rows, word at) { return (v8 *)(rows + at * BLOCK); }

/* Kr. by area and by year, net and correlated net; each result is counted as soon as it is known. */
static void evaluate(Work *w, const Rows *r) {
    const Job *j = w->job;
    const Places *p = &w->place;
    word lanes = w->block / LANES, actors = j->actors;
    v8 *whole = (v8 *)r->whole, *success = (v8 *)r->success, *factor = (v8 *)r->factor, *net_rate = (v8 *)r->net_rate;
    v8 *row = (v8 *)w->one, *running = (v8 *)w->other;
    BEGIN();
    for (word y = 0; y < j->years; y++) {
        v8 *by_year = row_v(r->by_year, y);
        for (word n = 0; n < lanes; n++) by_year[n] = all_v(0.0);
        for (word c = 0; c < j->cohorts; c++) {
            double left = j->left[c * j->years + y];
            const v8 *drawn = row_v(r->drawn, c);
            if (left != 0.0) for (word n = 0; n < lanes; n++) by_year[n] += left * drawn[n];
        }
        for (word n = 0; n < lanes; n++) whole[n] = y ? whole[n] + by_year[n] : by_year[n];
    }
    for (word n = 0; n < lanes; n++) {
        success[n] = all_v(0.0);
        for (word c = 0; c < j->cohorts; c++) success[n] += j->discount[c] * row_v(r->drawn, c)[n];
    }
    memset(r->slot, 0, (size_t)(actors * BLOCK) * sizeof *r->slot);
    END(EVALUATION);
    for (word s = 0; s < j->areas * actors; s++) {
        if (w->same[p->area + s]) continue;
        BEGIN();
        memset(row, 0, (size_t)w->block * sizeof(double));
        for (word g = 0; g < j->groups; g++)
            for (word e = j->from[g]; e < j->from[g + 1]; e++)
                if (j->sum[e] == s) {
                    const v8 *group = row_v(r->groups, g);
                    double share = j->share[e];
                    for (word n = 0; n < lanes; n++) row[n] += share * group[n];
                }
        v8 *slot = row_v(r->slot, s % actors);
        for (word n = 0; n < lanes; n++) {
            v8 one = row[n] * factor[n];
            slot[n] += one, row[n] = one * whole[n];
        }
        for (word u = 0; u < j->costs; u++) {
            double kroner = 0.0;
            for (word y = 0; y < j->years; y++) kroner += j->cost[(u * actors + s % actors) * j->years + y];
            if (j->cost_area[u] != s / actors || kroner == 0.0) continue;
            for (word n = 0; n < lanes; n++) row[n] += kroner * row_v(r->cost, u)[n];
        }
        END(EVALUATION);
        count(w, p->area + s, (double *)row);
    }
    double expected_years = 0.0, squares = 0.0;
    for (word c = 0; c < j->cohorts; c++) {
        double left = 0.0;
        for (word y = 0; y < j->years; y++) left += j->left[c * j->years + y];
        expected_years += j->completers[c] * left, squares += j->completers[c] * left * left;
    }
    for (word a = 0; a < actors; a++) {
        const v8 *slot = row_v(r->slot, a);
        v8 *net = row_v(r->net, a), *expected = row_v(r->expected, a), *correlated = row_v(r->correlated, a);
        BEGIN();
        i8 loss_until[BLOCK / LANES];
        for (word n = 0; n < lanes; n++) running[n] = all_v(0.0), loss_until[n] = (i8)all_w(0);
        END(EVALUATION);
        for (word y = 0; y < j->years; y++) {
            BEGIN();
            const v8 *by_year = row_v(r->by_year, y);
            for (word n = 0; n < lanes; n++) row[n] = slot[n] * by_year[n];
            for (word u = 0; u < j->costs; u++) {
                double kroner = j->cost[(u * actors + a) * j->years + y];
                if (kroner != 0.0) for (word n = 0; n < lanes; n++) row[n] += kroner * row_v(r->cost, u)[n];
            }
            for (word n = 0; n < lanes; n++) {
                running[n] += row[n];
                i8 loss = running[n] < 0.0;
                loss_until[n] = (loss & (y + 1)) | (~loss & loss_until[n]);
            }
            END(EVALUATION);
            count(w, p->year + y * actors + a, (double *)row);
            if (y == j->years - 1) memcpy(net, running, (size_t)w->block * sizeof(double));
            if (!w->same[p->cumulated + y * actors + a]) count(w, p->cumulated + y * actors + a, (double *)running);
        }
        BEGIN();
        if (!w->pilot)
            for (word n = 0; n < lanes; n++)
                for (int lane = 0; lane < LANES; lane++)
                    w->paid_back[(a * (j->years + 1) + loss_until[n][lane]) * LANES + lane]++;
        END(TOLD);
        for (word n = 0; n < lanes; n++) correlated[n] = all_v(0.0);
        for (word g = 0; g < j->moved_groups; g++)
            for (word e = j->moved_from[g]; e < j->moved_from[g + 1]; e++)
                if (j->moved_actor[e] == a) {
                    const v8 *group = row_v(r->moved_groups, g);
                    double share = j->moved_share[e];
                    for (word n = 0; n < lanes; n++) correlated[n] += share * group[n];
                }
        double kroner_of[8] = {0};
        for (word u = 0; u < j->costs; u++)
            for (word y = 0; y < j->years; y++) kroner_of[u] += j->cost[(u * actors + a) * j->years + y];
        v8 *even = row, *payment = running;
        v8 always = all_v(0), never = always, above_one = always, falling = always, variance = always, reachable = always;
        for (word n = 0; n < lanes; n++) {
            v8 zero = all_v(0.0);
            for (word u = 0; u < j->costs; u++) zero += kroner_of[u] * row_v(r->cost, u)[n];
            v8 slope = expected_years * slot[n], s = net_rate[n];
            expected[n] = zero + s * slope;
            correlated[n] = j->moved_rows ? zero + correlated[n] * factor[n] * whole[n] : net[n];
            i8 flat = slope == 0.0, loses = zero < 0.0, hopeless = (slope <= 0.0) & loses;
            v8 root = chosen(flat, all_v(-INFINITY), -zero / slope);
            even[n] = chosen(hopeless, all_v(INFINITY), root);
            i8 paid = success[n] > 0.0, gains = net[n] > 0.0;
            payment[n] = chosen(paid, -net[n] / success[n], chosen(gains, all_v(-INFINITY), all_v(INFINITY)));
            v8 rate = chosen(s < 0.0, -s, s);
            variance += rate * (1.0 - rate) * squares * slot[n] * slot[n];
            always -= __builtin_convertvector(~loses & (zero + slope >= 0.0), v8);
            never -= __builtin_convertvector(hopeless, v8);
            above_one -= __builtin_convertvector((slope > 0.0) & (-zero > slope), v8);
            falling -= __builtin_convertvector((slope < 0.0) & ~loses, v8);
            reachable -= __builtin_convertvector(gains | paid, v8);
        }
        if (!w->pilot) {
            v8 *told = w->told + a * TOLD_BY_ACTOR;
            told[ALWAYS] += always, told[NEVER] += never, told[ABOVE_ONE] += above_one, told[FALLING] += falling;
            told[CHANCE_VARIANCE] += variance, told[REACHABLE] += reachable;
        }
        END(EVALUATION);
        count_ratio(w, p->break_even + a, (double *)even);
        count_ratio(w, p->payment + a, (double *)payment);
        count(w, p->expected + a, (double *)expected);
        count(w, p->correlated + a, (double *)correlated);
        count(w, p->net + a, (double *)net);
        if (!w->pilot) { /* bins of net are still at hand: the sum of each, for the mean of the lowest tenth */
            BEGIN();
            double *sums = w->bin_sums + a * BINS;
            for (word i = 0; i < w->block; i++) sums[w->bin_of[i]] += ((double *)net)[i];
            END(COUNTING);
        }
    }
    if (w->pilot) return;
    BEGIN();
    v8 *of_all = w->told + actors * TOLD_BY_ACTOR;
    i8 nothing = (i8)all_w(0);
    for (word a = 0; a < actors; a++) {
        const v8 *net = row_v(r->net, a), *total = row_v(r->net, 0);
        v8 shortfall = all_v(0.0), promised = all_v(j->promised[a]);
        i8 below = nothing, loses = nothing;
        for (word n = 0; n < lanes; n++) {
            v8 gap = promised - net[n];
            i8 under = gap > 0.0;
            shortfall += (v8)(under & (i8)gap), below -= under;
            loses -= (net[n] < 0.0) & (total[n] > 0.0);
        }
        v8 *told = w->told + a * TOLD_BY_ACTOR;
        told[BELOW] += __builtin_convertvector(below, v8), told[SHORTFALL] += shortfall;
        told[LOSES] += __builtin_convertvector(loses, v8);
    }
    i8 every = nothing, none = nothing, negative = nothing;
    for (word n = 0; n < lanes; n++) {
        i8 all = ~nothing, some = nothing;
        for (word a = 0; a < actors; a++)
            if (j->root[a]) {
                i8 gains = row_v(r->net, a)[n] > 0.0;
                all &= gains, some |= gains;
            }
        every -= all, none -= ~some, negative -= net_rate[n] < 0.0;
    }
    of_all[ALL_GAIN] += __builtin_convertvector(every, v8), of_all[NONE_GAINS] += __builtin_convertvector(none, v8);
    of_all[NEGATIVE_RATE] += __builtin_convertvector(negative, v8);
    END(TOLD);
}

static void work_block(Work *w, word replicate, word start) {
    const Job *j = w->job;
    Rows r = rows_of(w);
    draw(w, j->rate_with, replicate, start, r.net_rate);
    if (j->rate_without >= 0) {
        draw(w, j->rate_without, replicate, start, w->other);
        for (word i = 0; i < w->block; i++) r.net_rate[i] -= w->other[i];
    }
    for (word u = 0; u < j->costs; u++) draw(w, j->cost_input[u], replicate, start, r.cost + u * BLOCK);
    for (word i = 0; i < w->block; i++) r.factor[i] = 1.0;
    if (j->factor >= 0) draw(w, j->factor, replicate, start, r.factor);
    draw_chance(w, &r, replicate, start);
    sum_terms(w, &r, replicate, start);
    evaluate(w, &r);
}

/* ---- figures ---- */
static double added(v8 x) { return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7])); }
static word added_whole(i8 x) { return x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6] + x[7]; }

/* Where the k-th of `draws` lies, draws of a bin evenly in it; draws of 0 are at the beginning of their bin. */
static double at_rank(const uint32_t *bins, Frame f, word zeros, word *bin, word *before, word k) {
    while (*bin < BINS - 1 && *before + bins[*bin] <= k) *before += bins[(*bin)++];
    word inside = k - *before, number = bins[*bin];
    if (f.scale == 0.0) return f.origin;
    if (*bin == (word)f.shift && zeros) {
        if (inside < zeros) return 0.0;
        inside -= zeros, number -= zeros;
    }
    return ((double)*bin + ((double)inside + 0.5) / (double)number - f.shift) / f.scale;
}

static void quantiles(const uint32_t *bins, Frame f, word zeros, word draws, double *out) {
    word bin = 0, before = 0;
    for (int l = 0; l < LEVELS; l++) {
        double place = LEVEL[l] * (double)draws - 0.5;
        place = place < 0.0 ? 0.0 : place > (double)draws - 1.0 ? (double)draws - 1.0 : place;
        word first = (word)place;
        double low = at_rank(bins, f, zeros, &bin, &before, first);
        word next = bin, upto = before;
        double high = at_rank(bins, f, zeros, &next, &upto, first + 1 < draws ? first + 1 : first);
        out[l] = low + (place - (double)first) * (high - low);
    }
}

/* Mean of the lowest tenth: whole bins, and the lower part of the next one, whose draws lie evenly around their mean. */
static double lowest_tenth(const uint32_t *bins, const double *sums, Frame f, word draws) {
    double wanted = 0.1 * (double)draws, before = 0.0, sum = 0.0;
    word b = 0;
    while (before + bins[b] < wanted) before += bins[b], sum += sums[b], b++;
    double rest = wanted - before;
    if (rest > 0.0) sum += rest * (sums[b] / bins[b] - (1.0 - rest / bins[b]) / f.scale / 2.0);
    return sum / wanted;
}

static Left *left_behind; /* (replicates, results) */
static double *told_of;   /* (replicates, actors x TOLD_BY_ACTOR + TOLD_OF_ALL) */
static double *sums_of;   /* (replicates, actors, BINS) */

static void close_replicate(Work *w, word replicate) {
    BEGIN();
    const Job *j = w->job;
    for (word k = 0; k < w->place.all; k++) {
        if (w->same[k]) continue;
        Left *left = left_behind + replicate * w->place.all + k;
        Moments *m = w->moments + k;
        uint32_t *bins = w->bins + k * BINS;
        word zeros = added_whole(m->zero);
        left->mean = added(m->sum) / (double)w->size, left->squares = added(m->squares) / (double)w->size;
        left->above = (double)added_whole(m->above) / (double)w->size, left->zero = (double)zeros;
        quantiles(bins, w->frames[k], zeros, w->size, left->quantile);
        if (k < j->actors) left->lowest = lowest_tenth(bins, w->bin_sums + k * BINS, w->frames[k], w->size);
        for (word b = 0; b < BINS; b++) w->pooled[k * BINS + b] += bins[b];
    }
    word told = j->actors * TOLD_BY_ACTOR + TOLD_OF_ALL;
    for (word n = 0; n < told; n++) told_of[replicate * told + n] = added(w->told[n]) / (double)w->size;
    memset(w->bins, 0, (size_t)(w->place.all * BINS) * sizeof *w->bins);
    memcpy(sums_of + replicate * j->actors * BINS, w->bin_sums, (size_t)(j->actors * BINS) * sizeof *w->bin_sums);
    memset(w->bin_sums, 0, (size_t)(j->actors * BINS) * sizeof *w->bin_sums);
    memset(w->moments, 0, (size_t)w->place.all * sizeof *w->moments);
    memset(w->told, 0, (size_t)told * sizeof *w->told);
    END(CLOSING);
}

static void *room(word bytes) {
    size_t whole = (size_t)(bytes + 63) / 64 * 64;
    void *here = aligned_alloc(64, whole ? whole : 64);
    if (!here) { perror("memory"); exit(1); }
    memset(here, 0, whole);
    return here;
}

static Work work_room(const Job *j, const Frame *frames, const uint8_t *same, word pilot) {
    Work w = {.job = j, .place = places_of(j), .pilot = pilot, .frames = frames, .same = same};
    w.size = (word)1 << j->log_size;
    word all = w.place.all, row = BLOCK * (word)sizeof(double);
    w.block = w.size < BLOCK ? w.size : BLOCK;
    w.rows = room(number_of_rows(j) * row);
    w.u = room(row), w.sorted = room(row), w.value = room(row), w.one = room(row), w.other = room(row);
    w.place_of = room(BLOCK * 2), w.bin_of = room(BLOCK * 2);
    if (pilot) { w.pilot_rows = room(all * PILOT * (word)sizeof(double)); return w; }
    w.bins = room(all * BINS * 4), w.pooled = room(all * BINS * 4), w.bin_sums = room(j->actors * BINS * 8);
    w.moments = room(all * (word)sizeof(Moments));
    w.told = room((j->actors * TOLD_BY_ACTOR + TOLD_OF_ALL) * (word)sizeof(v8));
    w.paid_back = room(j->actors * (j->years + 1) * LANES * (word)sizeof(word));
    return w;
}

typedef struct { Work work; word first, step; } Share;

static void *replicates(void *given) {
    Share *share = given;
    Work *w = &share->work;
    for (word r = share->first; r < w->job->replicates; r += share->step) {
        for (word start = 0; start < w->size; start += w->block) work_block(w, r, start);
        close_replicate(w, r);
    }
    return NULL;
}

static int rising(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

/* Range of the bins from the pilot: its inner 95 %, and 40 % of that on each side. */
static void make_frames(const Work *pilot, Frame *frames) {
    for (word k = 0; k < pilot->place.all; k++) {
        double sorted[PILOT];
        word many = pilot->block < PILOT ? pilot->block : PILOT, finite = 0;
        const double *row = pilot->pilot_rows + k * PILOT;
        for (word i = 0; i < many; i++) if (isfinite(row[i])) sorted[finite++] = row[i];
        Frame f = {.origin = row[0], .scale = 0.0, .shift = 0.0}; /* all alike: one bin */
        if (finite && !pilot->same[k]) {
            qsort(sorted, (size_t)finite, sizeof *sorted, rising);
            double low = sorted[finite / 40], high = sorted[finite - 1 - finite / 40], wide = high - low;
            if (wide > 0.0) {
                f.scale = BINS / (1.8 * wide);
                f.shift = rint(-(low - 0.4 * wide) * f.scale);
            }
        }
        frames[k] = f;
    }
}

/* ---- what is printed ---- */
static long peak_of_memory(void) { /* bytes; 0 where the system does not tell */
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kilobytes = 0;
    while (file && fgets(line, sizeof line, file)) if (!strncmp(line, "VmHWM:", 6)) kilobytes = atol(line + 6);
    if (file) fclose(file);
    return kilobytes * 1024;
}

static double error_of(const Left *left, word stride, word replicates, size_t offset) {
    double mean = 0.0, squares = 0.0;
    for (word r = 0; r < replicates; r++) mean += *(const double *)((const char *)(left + r * stride) + offset);
    mean /= (double)replicates;
    for (word r = 0; r < replicates; r++) {
        double apart = *(const double *)((const char *)(left + r * stride) + offset) - mean;
        squares += apart * apart;
    }
    return sqrt(squares / (double)(replicates - 1) / (double)replicates);
}

static void print_number(double x) {
    if (isnan(x)) printf("null");
    else if (isinf(x)) printf(x > 0 ? "1e999" : "-1e999");
    else printf("%.17g", x);
}

/* mean, sd, share above 0, quantiles; the errors of mean, share and quantiles; of net the mean of the lowest tenth too */
static void print_result(const Work *w, word k, const Frame f, const double *sums) {
    word all = w->place.all, replicates = w->job->replicates;
    const Left *left = left_behind + k;
    double mean = 0.0, squares = 0.0, above = 0.0, zeros = 0.0, q[LEVELS];
    for (word r = 0; r < replicates; r++) {
        mean += left[r * all].mean, squares += left[r * all].squares;
        above += left[r * all].above, zeros += left[r * all].zero;
    }
    mean /= (double)replicates, squares /= (double)replicates, above /= (double)replicates;
    quantiles(w->pooled + k * BINS, f, (word)zeros, w->size * replicates, q);
    double variance = squares - mean * mean;
    double shown[3 + LEVELS + 2 + LEVELS + 2] = {f.origin + mean, sqrt(variance > 0.0 ? variance : 0.0), above};
    memcpy(shown + 3, q, sizeof q);
    shown[3 + LEVELS] = error_of(left, all, replicates, offsetof(Left, mean));
    shown[4 + LEVELS] = error_of(left, all, replicates, offsetof(Left, above));
    for (int l = 0; l < LEVELS; l++)
        shown[5 + LEVELS + l] = error_of(left, all, replicates, offsetof(Left, quantile) + (size_t)l * sizeof(double));
    int count = 5 + 2 * LEVELS;
    if (sums) {
        shown[count++] = lowest_tenth(w->pooled + k * BINS, sums, f, w->size * replicates);
        shown[count++] = error_of(left, all, replicates, offsetof(Left, lowest));
    }
    for (int n = 0; n < count; n++) { printf(n ? ", " : "["); print_number(shown[n]); }
    printf("]");
}

static void print_all(const Work *w, const Frame *frames, const double *sums, const word *twin, const word *paid_back) {
    const Job *j = w->job;
    printf("{\"results\": [");
    for (word k = 0; k < w->place.all; k++) {
        printf(k ? ",\n" : "\n");
        if (twin[k] < 0) { printf("0"); continue; }
        print_result(w, twin[k], frames[twin[k]], k < j->actors ? sums + k * BINS : NULL);
    }
    word told = j->actors * TOLD_BY_ACTOR + TOLD_OF_ALL;
    printf("],\n\"told\": [");
    for (word r = 0; r < j->replicates; r++) {
        printf(r ? ",\n[" : "\n[");
        for (word n = 0; n < told; n++) { printf(n ? ", " : ""); print_number(told_of[r * told + n]); }
        printf("]");
    }
    printf("],\n\"paid_back\": [");
    for (word n = 0; n < j->actors * (j->years + 1); n++) printf(n ? ", %lld" : "%lld", (long long)paid_back[n]);
    printf("],\n\"peak\": %ld}\n", peak_of_memory());
}

/* Results that need not be counted: -1 is 0 in all draws, another place the same as that one, its own place neither. */
static void find_twins(const Job *j, Places p, word *twin) {
    for (word k = 0; k < p.all; k++) twin[k] = k;
    for (word s = 0; s < j->areas * j->actors; s++) {
        twin[p.area + s] = -1;
        for (word e = 0; e < j->entries; e++) if (j->sum[e] == s) twin[p.area + s] = p.area + s;
        for (word u = 0; u < j->costs; u++)
            for (word y = 0; y < j->years; y++)
                if (j->cost_area[u] == s / j->actors && j->cost[(u * j->actors + s % j->actors) * j->years + y] != 0.0)
                    twin[p.area + s] = p.area + s;
    }
    for (word a = 0; a < j->actors; a++) {
        twin[p.cumulated + a] = p.year + a;
        twin[p.cumulated + (j->years - 1) * j->actors + a] = p.net + a;
    }
}

int main(int count_of, char **words) {
    if (count_of != 3) { fprintf(stderr, "usage: limit FILE THREADS\n"); return 2; }
    Job job = read_job(words[1]);
    word threads = atoi(words[2]), told = job.actors * TOLD_BY_ACTOR + TOLD_OF_ALL;
    Places place = places_of(&job);
    word *twin = room(place.all * 8);
    uint8_t *same = room(place.all);
    find_twins(&job, place, twin);
    for (word k = 0; k < place.all; k++) same[k] = twin[k] != k;
    Frame *frames = room(place.all * (word)sizeof(Frame));
    Work pilot = work_room(&job, frames, same, 1);
    work_block(&pilot, 0, 0);
    make_frames(&pilot, frames);
    left_behind = room(job.replicates * place.all * (word)sizeof(Left));
    told_of = room(job.replicates * told * 8);
    sums_of = room(job.replicates * job.actors * BINS * 8);
    Share *shares = room(threads * (word)sizeof(Share));
    pthread_t *started = room(threads * (word)sizeof(pthread_t));
    for (word t = 0; t < threads; t++) {
        shares[t] = (Share){.work = work_room(&job, frames, same, 0), .first = t, .step = threads};
        if (t && pthread_create(started + t, NULL, replicates, shares + t)) { perror("thread"); return 1; }
    }
    replicates(shares);
    double *sums = room(job.actors * BINS * 8);
    word *paid_back = room(job.actors * (job.years + 1) * 8);
    for (word t = 0; t < threads; t++) {
        if (t) pthread_join(started[t], NULL);
        if (t) for (word n = 0; n < place.all * BINS; n++) shares[0].work.pooled[n] += shares[t].work.pooled[n];
        for (word n = 0; n < job.actors * (job.years + 1); n++)
            for (int lane = 0; lane < LANES; lane++) paid_back[n] += shares[t].work.paid_back[n * LANES + lane];
    }
    for (word r = 0; r < job.replicates; r++)
        for (word n = 0; n < job.actors * BINS; n++) sums[n] += sums_of[r * job.actors * BINS + n];
    print_all(&shares[0].work, frames, sums, twin, paid_back);
#ifdef STAGES
    const char *names[] = {"points", "strata", "polynomials", "terms", "chance",
                           "evaluation", "moments", "counting", "told", "closing"};
    double draws = (double)(job.replicates << job.log_size);
    for (int s = 0; s < STAGES_; s++) fprintf(stderr, "%-12s %8.2f ns a draw\n", names[s], spent[s] / draws);
#endif
    return 0;
}
