/* What the program says on standard error, and what of a text may reach a terminal. */
#include "sim/cli/cli.h"

#include <stdarg.h>
#include <string.h>

void cli_make_plain(char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        const unsigned char byte = (unsigned char)text[i];
        const unsigned char next = i + 1 < size ? (unsigned char)text[i + 1] : 0;
        if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) {
            text[i] = '?';
        } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) { /* U+0080 to U+009F */
            text[i] = text[i + 1] = '?';
        }
    }
}

void cli_complain(const char *format, ...)
{
    char text[4096];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    cli_make_plain(text, strlen(text));
    (void)fprintf(stderr, "syncsim: %s\n", text);
}
