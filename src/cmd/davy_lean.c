/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Half of what is resident after the start is code and tables that only the start needed: settings, terminfo, locale, the first
 * reading. The kernel maps 16 pages around each that is touched and takes none away while there is memory. davy gives them back
 * before it takes most memory of its own and once when it has started; what it still needs comes again from the page cache, a few
 * dozen times 1 us. */
#include "cmd/davy_dash.h"

#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STARTED_MS = 60, LARGE = 48 << 10, STEP = 64 << 10 };

/* Only whole pages of segments that nobody can write to: what was written to would be lost. */
static int give_back(struct dl_phdr_info *info, size_t size, void *ctx)
{
    (void)size;
    (void)ctx;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *p = &info->dlpi_phdr[i];
        uintptr_t from = (info->dlpi_addr + p->p_vaddr) & ~(page - 1);
        uintptr_t end = (info->dlpi_addr + p->p_vaddr + p->p_memsz) & ~(page - 1);
        if (p->p_type == PT_LOAD && !(p->p_flags & PF_W) && end > from)
            madvise((void *)from, end - from, MADV_DONTNEED);
    }
    return 0;
}

void lean(void)
{
    malloc_trim(0);
    dl_iterate_phdr(give_back, NULL);
}

/* What is large goes back to the kernel as soon as it is free, instead of staying between what is small. While davy starts the
 * heap grows in large steps: one of a page each costs sixty calls. */
void lean_memory(void)
{
    mallopt(M_MMAP_THRESHOLD, LARGE);
    mallopt(M_TRIM_THRESHOLD, LARGE);
    mallopt(M_TOP_PAD, STEP);
}

static void on_started(void *ctx)
{
    (void)ctx;
    mallopt(M_TOP_PAD, 0);
    lean();
}

void dash_lean(struct dash *d)
{
    loop_timer(d->loop, loop_now() + STARTED_MS, on_started, d);
}
