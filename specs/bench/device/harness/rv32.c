/* Start of an RV32. */
#include <stdint.h>

extern uint8_t data_from, data_begin, data_end, bss_begin, bss_end;
int main(void);

__attribute__((used)) static void filled(void) {
  const uint8_t *from = &data_from;
  for (uint8_t *to = &data_begin; to < &data_end; to++) *to = *from++;
  for (uint8_t *to = &bss_begin; to < &bss_end; to++) *to = 0;
  main();
}

void start(void);

__attribute__((section(".vectors"), used, naked)) void start(void) {
  __asm__("la sp, stack_top\ntail filled");
}
