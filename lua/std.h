/* The part of the library that is written in Lua, compiled into the program (embed.cmake). */
#ifndef SCRIPT_STD_H
#define SCRIPT_STD_H

#include <stddef.h>

typedef struct script_source {
    const char *name; /* "expect" for std/expect.lua */
    const unsigned char *text;
    size_t size;
} script_source;

extern const script_source
    script_sources[]; /* in the order in which they are loaded; ends with a NULL name */

#endif
