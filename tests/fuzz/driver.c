/* Drives a fuzz target where libFuzzer is not there: LLVMFuzzerTestOneInput over the corpus, then
 * over mutations of it, from a seed. It takes the flags of libFuzzer that we use, so that scripts
 * need not know which of the two they run:
 *
 *     fuzz_NAME [-runs=N] [-max_total_time=SECONDS] [-seed=N] [-max_len=N] [-dict=FILE] CORPUS...
 *
 * No coverage guides it; it is there so that the targets run everywhere. Built with the address
 * sanitizer, it writes the input that ends the process to crash-fuzz. */
#include "tests/fuzz/target.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/common_interface_defs.h>
#endif

#define INPUT_SIZE_MAX 4096
#define INPUT_COUNT    4096
#define WORD_COUNT     256
#define WORD_SIZE_MAX  64

typedef struct input {
    size_t size;
    uint8_t data[INPUT_SIZE_MAX];
} input;

typedef struct driver {
    uint64_t state;
    size_t size_max;
    input *inputs;
    size_t input_count;
    input words[WORD_COUNT];
    size_t word_count;
} driver;

static input now; /* what is being tried */

#if defined(__SANITIZE_ADDRESS__)
const char *__asan_default_options(void); /* a function that the sanitizer asks for */
const char *__asan_default_options(void)
{
    return "handle_abort=1";
}

static void save(void)
{
    FILE *file = fopen("crash-fuzz", "wb");
    if (file != NULL) {
        (void)fwrite(now.data, 1, now.size, file);
        (void)fclose(file);
    }
    (void)fprintf(stderr, "the input is in crash-fuzz (%zu bytes)\n", now.size);
}
#endif

static uint64_t draw(driver *d, uint64_t bound)
{
    d->state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = d->state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % bound;
}

/* -- mutations: each keeps the size within bounds -- */

static void insert(driver *d, size_t at, const uint8_t *bytes, size_t size)
{
    if (now.size + size > d->size_max) {
        return;
    }
    memmove(now.data + at + size, now.data + at, now.size - at);
    memcpy(now.data + at, bytes, size);
    now.size += size;
}

static void erase(size_t at, size_t size)
{
    memmove(now.data + at, now.data + at + size, now.size - at - size);
    now.size -= size;
}

static void insert_part_of(driver *d, const input *other)
{
    uint8_t part[INPUT_SIZE_MAX];
    if (other->size > 0) {
        size_t from = (size_t)draw(d, other->size);
        size_t size = 1 + (size_t)draw(d, other->size - from);
        memcpy(part, other->data + from, size);
        insert(d, (size_t)draw(d, now.size + 1), part, size);
    }
}

static void mutate(driver *d)
{
    uint8_t byte = (uint8_t)draw(d, 256);
    size_t at = (size_t)draw(d, now.size + 1);
    switch (draw(d, 7)) {
    case 0:
        insert(d, at, &byte, 1);
        break;
    case 1:
        if (at < now.size) {
            erase(at, 1 + (size_t)draw(d, now.size - at));
        }
        break;
    case 2:
        if (at < now.size) {
            byte = (uint8_t)(draw(d, 2) == 0 ? byte : 1U << draw(d, 8));
            now.data[at] = (uint8_t)(now.data[at] ^ byte);
        }
        break;
    case 3:
        insert_part_of(d, &now);
        break;
    case 4:
        insert_part_of(d, &d->inputs[draw(d, d->input_count)]);
        break;
    default:
        if (d->word_count > 0) {
            const input *word = &d->words[draw(d, d->word_count)];
            insert(d, at, word->data, word->size);
        }
        break;
    }
}

/* -- corpus and words -- */

static void read_input(driver *d, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        (void)fprintf(stderr, "%s cannot be read\n", path);
        exit(66);
    }
    if (d->input_count < INPUT_COUNT) {
        input *next = &d->inputs[d->input_count++];
        next->size = fread(next->data, 1, INPUT_SIZE_MAX, file);
    }
    (void)fclose(file);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* In order of their names: the folder's own order is no seed. */
static void read_folder(driver *d, const char *folder)
{
    static char *names[INPUT_COUNT];
    size_t count = 0;
    DIR *all = opendir(folder);
    if (all == NULL) {
        read_input(d, folder);
        return;
    }
    for (struct dirent *entry = readdir(all); entry != NULL; entry = readdir(all)) {
        if (entry->d_name[0] != '.' && count < INPUT_COUNT) {
            size_t size = strlen(folder) + strlen(entry->d_name) + 2;
            names[count] = malloc(size);
            (void)snprintf(names[count++], size, "%s/%s", folder, entry->d_name);
        }
    }
    (void)closedir(all);
    qsort(names, count, sizeof names[0], by_name);
    for (size_t i = 0; i < count; i++) {
        read_input(d, names[i]);
        free(names[i]);
    }
}

/* Lines like "eq" or name="\x00\"": libFuzzer's form of a dictionary. */
static void read_words(driver *d, const char *path)
{
    char line[256];
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL && d->word_count < WORD_COUNT) {
        const char *from = line[0] == '#' ? NULL : strchr(line, '"');
        const char *end = from == NULL ? NULL : strrchr(line, '"');
        if (from == NULL || end == from) {
            continue;
        }
        input *word = &d->words[d->word_count++];
        for (from++; from < end && word->size < WORD_SIZE_MAX; from++) {
            unsigned value = (unsigned char)*from;
            if (from[0] == '\\' && from[1] == 'x') {
                (void)sscanf(from + 2, "%2x", &value);
                from += 3;
            } else if (from[0] == '\\') {
                value = (unsigned char)*++from;
            }
            word->data[word->size++] = (uint8_t)value;
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

static bool flag(const char *argument, const char *name, uint64_t *out)
{
    size_t size = strlen(name);
    if (strncmp(argument, name, size) != 0) {
        return false;
    }
    *out = strtoull(argument + size, NULL, 10);
    return true;
}

static void run(driver *d, uint64_t runs, uint64_t seconds)
{
    time_t start = time(NULL);
    uint64_t done = 0;
    for (; done < d->input_count; done++) {
        now = d->inputs[done];
        (void)LLVMFuzzerTestOneInput(now.data, now.size);
    }
    for (; runs == 0 || done < runs; done++) {
        if (done % 256 == 0 && seconds > 0 && (uint64_t)(time(NULL) - start) >= seconds) {
            break;
        }
        now = d->inputs[draw(d, d->input_count)];
        now.size = now.size > d->size_max ? d->size_max : now.size;
        for (uint64_t left = 1 + draw(d, 3); left > 0; left--) {
            mutate(d);
        }
        (void)LLVMFuzzerTestOneInput(now.data, now.size);
    }
    (void)fprintf(stderr, "Done %llu runs in %ld second(s), %zu inputs in the corpus\n",
                  (unsigned long long)done, (long)(time(NULL) - start), d->input_count);
}

int main(int count, char **arguments)
{
    static driver d;
    uint64_t runs = 0;
    uint64_t seconds = 0;
    uint64_t size_max = INPUT_SIZE_MAX;
    d.inputs = calloc(INPUT_COUNT, sizeof *d.inputs);
    for (int i = 1; d.inputs != NULL && i < count; i++) {
        if (strncmp(arguments[i], "-dict=", 6) == 0) {
            read_words(&d, arguments[i] + 6);
        } else if (arguments[i][0] != '-') {
            read_folder(&d, arguments[i]);
        } else if (!flag(arguments[i], "-runs=", &runs) &&
                   !flag(arguments[i], "-seed=", &d.state) &&
                   !flag(arguments[i], "-max_total_time=", &seconds) &&
                   !flag(arguments[i], "-max_len=", &size_max)) {
            (void)fprintf(stderr, "%s: unknown flag\n", arguments[i]);
            return 64;
        }
    }
    if (d.inputs == NULL || d.input_count == 0) {
        (void)fprintf(stderr, "a folder or files to begin with are wanted\n");
        return 64;
    }
    d.size_max = size_max < INPUT_SIZE_MAX ? (size_t)size_max : INPUT_SIZE_MAX;
#if defined(__SANITIZE_ADDRESS__)
    __sanitizer_set_death_callback(save);
#endif
    bool only_files = runs == 0 && seconds == 0; /* as libFuzzer does with files: each once */
    run(&d, only_files ? d.input_count : runs, seconds);
    free(d.inputs);
    return 0;
}
