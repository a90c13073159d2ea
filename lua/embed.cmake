# cmake -DOUTPUT=std_sources.c -DINPUTS=a.lua,b.lua -P embed.cmake
# Turns each file into an array of bytes; lua/std.c reads the list.
string(REPLACE "," ";" inputs "${INPUTS}")
set(arrays "")
set(entries "")
foreach(input IN LISTS inputs)
    get_filename_component(name "${input}" NAME_WE)
    file(READ "${input}" hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(REGEX REPLACE "(.......................................................................[^,]*,)" "\\1\n" bytes "${bytes}")
    string(APPEND arrays "static const unsigned char source_${name}[] = {\n${bytes}};\n")
    string(APPEND entries "    {\"${name}\", source_${name}, sizeof source_${name}},\n")
endforeach()
file(WRITE "${OUTPUT}" "/* Made by lua/embed.cmake. */
#include \"lua/std.h\"

${arrays}
const script_source script_sources[] = {
${entries}    {0, 0, 0},
};
")
