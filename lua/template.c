/* The text of a new story. */
#include "lua/script.h"

static const char head[] = "local sim = require \"syncsim\"\n"
                           "\n"
                           "return sim.story {\n"
                           "  name = ";
static const char body[] =
    ",\n"
    "  tables = { todoitem = { text = \"string\", complete = \"boolean\" } },\n"
    "  run = function(world)\n"
    "    local phone = world:client { name = \"phone\" }\n"
    "    local tablet = world:client { name = \"tablet\" }\n"
    "\n"
    "    phone:table(\"todoitem\"):insert { id = \"milk\", text = \"buy milk\", complete = false "
    "}\n"
    "    phone:push()\n"
    "    tablet:pull \"todoitem\"\n"
    "    sim.expect(tablet:table(\"todoitem\"):lookup \"milk\"):has { text = \"buy milk\" }\n"
    "\n"
    "    world:settle()\n"
    "  end,\n"
    "}\n";

void script_template(sy_str name, sy_buf *out)
{
    sy_buf_add(out, head, sizeof head - 1);
    sy_buf_add_json_string(out, name); /* of the texts that names are, Lua reads the same */
    sy_buf_add(out, body, sizeof body - 1);
}
