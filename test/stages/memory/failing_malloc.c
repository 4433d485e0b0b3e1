// An allocator whose Nth allocation fails, for processes under test. Use LD_PRELOAD, and set in the environment
//
//     FAIL_AT=N        the Nth from the start of the program (1: the first)
//     FAIL_COUNT=M     and the M − 1 after it; M = 0: all after it
//     FAIL_TELL=FILE   writes the number of allocations to this file at the end
//
// Only allocations of at least FAIL_LEAST bytes count (0).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static atomic_long count;
static atomic_int ready;
static long fail_at, fail_count, fail_least;

static long number(const char *name) {
    const char *text = getenv(name);
    return text ? atol(text) : 0;
}

// Runs before the constructors of the other libraries, because this one is loaded first and depends only on libc.
__attribute__((constructor(101))) static void begin(void) {
    fail_at = number("FAIL_AT");
    fail_count = number("FAIL_COUNT");
    fail_least = number("FAIL_LEAST");
    atomic_store(&ready, 1);
}

__attribute__((destructor)) static void end(void) {
    const char *file = getenv("FAIL_TELL");
    if (!file) return;
    atomic_store(&ready, 0);
    char text[32];
    const int size = snprintf(text, sizeof text, "%ld\n", atomic_load(&count));
    const int out = open(file, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (out >= 0) {
        if (write(out, text, (size_t)size) < 0) _exit(9);
        close(out);
    }
}

static int fails(size_t size) {
    if (!atomic_load(&ready) || (long)size < fail_least) return 0;
    const long at = atomic_fetch_add(&count, 1) + 1;
    if (fail_at == 0 || at < fail_at) return 0;
    if (fail_count != 0 && at >= fail_at + fail_count) return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size) { return fails(size) ? NULL : __libc_malloc(size); }
void *calloc(size_t count_of, size_t size) { return fails(count_of * size) ? NULL : __libc_calloc(count_of, size); }
void *realloc(void *old, size_t size) { return size > 0 && fails(size) ? NULL : __libc_realloc(old, size); }
void *memalign(size_t alignment, size_t size) { return fails(size) ? NULL : __libc_memalign(alignment, size); }
void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }
int posix_memalign(void **out, size_t alignment, size_t size) {
    if (fails(size)) return ENOMEM;
    *out = __libc_memalign(alignment, size);
    return *out ? 0 : ENOMEM;
}
