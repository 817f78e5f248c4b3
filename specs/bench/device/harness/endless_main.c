/* Classifies the same row again and again: what sizes are measured of, and what the emulator of an AVR writes its rows into. */
#include <stdint.h>

#include "model.h"

row_t row[COLUMNS] = {1}; /* not all zero, so that every program has the code that fills such arrays */
volatile uint8_t answer;

int main(void) {
  for (;;) answer = classify(row);
}
