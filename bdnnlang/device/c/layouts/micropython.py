"""`micropython`: an external C module, NAME.predict(list), NAME.selftest() and NAME.classes."""

from __future__ import annotations

from bdnnlang.device.c.layouts.headers import MOST_BITS, filled, headers
from bdnnlang.device.c.straight.inputs import input_type
from bdnnlang.device.c.text.names import literal
from bdnnlang.device.c.text.pieces import Data
from bdnnlang.device.formats.form import Exported, Form

MAKE = """\
# make USER_C_MODULES=the folder above this one
@NAME@_MOD_DIR := $(USERMOD_DIR)
SRC_USERMOD += $(@NAME@_MOD_DIR)/@name@_module.c
CFLAGS_USERMOD += -I$(@NAME@_MOD_DIR)
"""
CMAKE = """\
# make USER_C_MODULES=this file
add_library(usermod_@name@ INTERFACE)
target_sources(usermod_@name@ INTERFACE ${CMAKE_CURRENT_LIST_DIR}/@name@_module.c)
target_include_directories(usermod_@name@ INTERFACE ${CMAKE_CURRENT_LIST_DIR})
target_link_libraries(usermod INTERFACE usermod_@name@)
"""
MODULE = """\
#include "py/obj.h"
#include "py/objstr.h"
#include "py/objtuple.h"
#include "py/runtime.h"

#include "@name@.h"
#include "@name@_selftest.h"

@ranges@
@names@

/* The number of the class of a list or tuple of whole numbers; ValueError if one is outside its range. */
static mp_obj_t @name@_predict_of(mp_obj_t list) {
    mp_obj_t *items;
    mp_obj_get_array_fixed_n(list, @NAME@_INPUTS, &items);
    @name@_input_t x[@NAME@_INPUTS];
    for (size_t i = 0; i < @NAME@_INPUTS; ++i) {
        const mp_int_t number = mp_obj_get_int(items[i]);
        x[i] = (@name@_input_t)number;
        if ((mp_int_t)x[i] != number || x[i] < @name@_lower[i] || x[i] > @name@_upper[i]) {
            mp_raise_ValueError(MP_ERROR_TEXT("a number is outside its range"));
        }
    }
    return MP_OBJ_NEW_SMALL_INT(@name@_predict(x));
}
static MP_DEFINE_CONST_FUN_OBJ_1(@name@_predict_obj, @name@_predict_of);

/* Whether rows whose classes are known get them. */
static mp_obj_t @name@_selftest_of(void) {
    return mp_obj_new_bool(@name@_selftest() == 0u);
}
static MP_DEFINE_CONST_FUN_OBJ_0(@name@_selftest_obj, @name@_selftest_of);

static const mp_rom_map_elem_t @name@_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_@name@) },
    { MP_ROM_QSTR(MP_QSTR_predict), MP_ROM_PTR(&@name@_predict_obj) },
    { MP_ROM_QSTR(MP_QSTR_selftest), MP_ROM_PTR(&@name@_selftest_obj) },
    { MP_ROM_QSTR(MP_QSTR_classes), MP_ROM_PTR(&@name@_classes) },
};
static MP_DEFINE_CONST_DICT(@name@_globals, @name@_globals_table);

const mp_obj_module_t @name@_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&@name@_globals,
};

MP_REGISTER_MODULE(MP_QSTR_@name@, @name@_module);
"""


def files(exported: Exported) -> dict[str, bytes]:
    texts = filled({"@name@_module.c": MODULE, "micropython.mk": MAKE, "micropython.cmake": CMAKE}, exported)
    place = f"{exported.name}_module.c"
    module = texts[place].decode().replace("@ranges@", _ranges(exported)).replace("@names@", _names(exported))
    return {**headers(exported), **texts, place: module.encode()}


def _ranges(exported: Exported) -> str:
    readings = exported.network.readings
    kind = input_type(readings)
    lower = Data("lower", kind, tuple(reading.lower for reading in readings))
    upper = Data("upper", kind, tuple(reading.upper for reading in readings))
    lines = [*lower.declaration(exported.name), *upper.declaration(exported.name)]
    return "\n".join(line.replace(f" {exported.name.upper()}_FLASH", "") for line in lines)


def _names(exported: Exported) -> str:
    """The names of the classes, as a tuple in flash."""
    name, classes = exported.name, exported.network.classes
    names = [f"static const MP_DEFINE_STR_OBJ({name}_class{k}, {literal(text)});" for k, text in enumerate(classes)]
    items = ", ".join(f"MP_ROM_PTR(&{name}_class{k})" for k in range(len(classes)))
    head = f"static const mp_rom_obj_tuple_t {name}_classes = {{"
    return "\n".join([*names, head, f"    {{ &mp_type_tuple }}, {len(classes)}, {{ {items} }}", "};"])


FORM = Form(files=files, most_bits=MOST_BITS)
