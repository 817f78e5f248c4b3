/* The model that does nothing. */
#include "model.h"

uint8_t classify(const row_t *x) {
  (void)x;
  return 0;
}
