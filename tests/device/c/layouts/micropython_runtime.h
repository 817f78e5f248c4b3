/* What a module uses of MicroPython's py/runtime.h, py/obj.h, py/objstr.h and py/objtuple.h, for a check of its syntax. */
#ifndef RUNTIME_H
#define RUNTIME_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
typedef void *mp_obj_t;
typedef const void *mp_const_obj_t;
typedef const void *mp_rom_obj_t;
typedef intptr_t mp_int_t;
typedef unsigned char byte;
typedef struct { const struct type *type; } mp_obj_base_t;
typedef struct type { mp_obj_base_t base; } mp_obj_type_t;
typedef struct { mp_obj_base_t base; size_t hash; size_t len; const byte *data; } mp_obj_str_t;
typedef struct { mp_obj_base_t base; size_t len; mp_rom_obj_t items[]; } mp_rom_obj_tuple_t;
typedef struct { mp_rom_obj_t key, value; } mp_rom_map_elem_t;
typedef struct { mp_obj_base_t base; size_t used; const mp_rom_map_elem_t *table; } mp_obj_dict_t;
typedef struct { mp_obj_base_t base; mp_obj_dict_t *globals; } mp_obj_module_t;
typedef struct { mp_obj_base_t base; union { mp_obj_t (*_0)(void); mp_obj_t (*_1)(mp_obj_t); } fun; } mp_obj_fun_builtin_fixed_t;
extern const mp_obj_type_t mp_type_module, mp_type_str, mp_type_tuple, mp_type_dict, mp_type_fun_builtin_0, mp_type_fun_builtin_1;
enum { MP_QSTR___name__, MP_QSTR_pear, MP_QSTR_predict, MP_QSTR_selftest, MP_QSTR_classes };
#define MP_ROM_QSTR(q) ((mp_rom_obj_t)((((uintptr_t)(q)) << 3) | 2))
#define MP_ROM_PTR(p) (p)
#define MP_OBJ_NEW_SMALL_INT(small_int) ((mp_obj_t)((((uintptr_t)(small_int)) << 1) | 1))
#define MP_ERROR_TEXT(text) (text)
#define MP_DEFINE_STR_OBJ(obj_name, str) mp_obj_str_t obj_name = {{&mp_type_str}, 0, sizeof(str) - 1, (const byte *)str}
#define MP_DEFINE_CONST_FUN_OBJ_0(obj_name, fun_name) \
    const mp_obj_fun_builtin_fixed_t obj_name = {{&mp_type_fun_builtin_0}, {._0 = fun_name}}
#define MP_DEFINE_CONST_FUN_OBJ_1(obj_name, fun_name) \
    const mp_obj_fun_builtin_fixed_t obj_name = {{&mp_type_fun_builtin_1}, {._1 = fun_name}}
#define MP_DEFINE_CONST_DICT(dict_name, table_name) \
    const mp_obj_dict_t dict_name = {{&mp_type_dict}, sizeof(table_name) / sizeof(table_name[0]), table_name}
#define MP_REGISTER_MODULE(name, module) enum { registered = (name) }
void mp_obj_get_array_fixed_n(mp_obj_t o, size_t len, mp_obj_t **items);
mp_int_t mp_obj_get_int(mp_const_obj_t arg);
mp_obj_t mp_obj_new_bool(mp_int_t value);
void mp_raise_ValueError(const char *message);
#endif
