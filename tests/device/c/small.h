/* small: a network of step neurons, 4 -> 2 -> 1, 5 weights other than 0. Written by bdnnc export.
 *
 * small_predict(x) is the class of 4 whole numbers:
 *   x[0]  in 1..25: petal width (<U+00B5>m) = x[0] / 10
 *   x[1]  in -20..40: temperature * / = x[1] - 1/2
 *       x[1] = -20 where it is missing
 *   x[2]  colour: 0 blue, 1 red? ?/, another number for any other value
 *   x[3]  is not read: noise
 * A number outside its range has no meaning here: limit it before, or tell it as missing.
 *
 * Flash: 0 bytes of tables beside the code. RAM: 0 bytes; stack: 0 bytes of arrays.
 * An input of 8 bits each: 4 bytes. No floating point, no library.
 */
#ifndef SMALL_H
#define SMALL_H

#include <stdint.h>

#define SMALL_INPUTS 4
#define SMALL_CLASSES 2
#define SMALL_MODEL "cbe9d4fe70af858a"

/* static const char *const names[SMALL_CLASSES] = { SMALL_CLASS_NAMES }; */
#define SMALL_CLASS_NAMES "no", "a \"yes\"\012"

typedef int8_t small_input_t;

/* The number of the class, of 4 readings within the ranges above. */
static inline uint_fast8_t small_predict(const small_input_t x[])
{
    if (!((uint_fast8_t)(2 * x[0] + 12) >= (uint_fast8_t)((x[1] == -20 ? 0 : x[1]) + 19))) {
        return 0u;
    }
    if (x[2] == 1) {
        return 0u;
    }
    return 1u;
}

#endif
