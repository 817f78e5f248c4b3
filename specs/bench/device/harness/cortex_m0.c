/* Vectors and start of a Cortex-M0. */
#include <stdint.h>

extern uint32_t stack_top;
extern uint8_t data_from, data_begin, data_end, bss_begin, bss_end;
int main(void);

void start(void);

void start(void) {
  const uint8_t *from = &data_from;
  for (uint8_t *to = &data_begin; to < &data_end; to++) *to = *from++;
  for (uint8_t *to = &bss_begin; to < &bss_end; to++) *to = 0;
  main();
}

static void stop(void) {
  for (;;) {}
}

__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    &stack_top, (const void *)start, (const void *)stop, (const void *)stop,
};
