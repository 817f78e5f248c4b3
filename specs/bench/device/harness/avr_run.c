/* Runs an AVR program that classifies one row again and again: writes the rows of a file into its memory, one after another,
   and writes class, cycles (from the first instruction of `classify` to the end of its return) and bytes of stack of each.

     avr_run PROGRAM ROWS ANSWERS BYTES_OF_A_ROW ADDRESS_OF_row ADDRESS_OF_classify */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <simavr/avr_ioport.h>
#include <simavr/sim_avr.h>
#include <simavr/sim_elf.h>

static const unsigned long long PATIENCE = 100000000; /* cycles of a row */

static unsigned stack_pointer(const avr_t *avr) { return avr->data[R_SPL] | (unsigned)avr->data[R_SPH] << 8; }

static int step(avr_t *avr) { /* one instruction */
  const int state = avr_run(avr);
  return state != cpu_Done && state != cpu_Crashed;
}

static int classified(avr_t *avr, FILE *answers) { /* from the first instruction of `classify` to its return */
  const unsigned top = stack_pointer(avr);
  const avr_cycle_count_t began = avr->cycle;
  unsigned deepest = top;
  while (stack_pointer(avr) <= top) {
    if (!step(avr) || avr->cycle - began > PATIENCE) return 0;
    if (stack_pointer(avr) < deepest) deepest = stack_pointer(avr);
  }
  fprintf(answers, "%u %llu %u\n", avr->data[24], (unsigned long long)(avr->cycle - began), top + 2 - deepest);
  return 1;
}

int main(int count, char **word) {
  if (count != 7) return 2;
  elf_firmware_t program;
  memset(&program, 0, sizeof program);
  if (elf_read_firmware(word[1], &program) != 0) return 3;
  avr_t *const avr = avr_make_mcu_by_name("atmega328p");
  avr_init(avr);
  avr->log = LOG_ERROR;
  avr_load_firmware(avr, &program);
  FILE *const rows = fopen(word[2], "rb"), *const answers = fopen(word[3], "w");
  const size_t bytes = strtoul(word[4], NULL, 0), row = strtoul(word[5], NULL, 0), classify = strtoul(word[6], NULL, 0);
  unsigned char *const next = malloc(bytes);
  while (rows && answers && next && fread(next, bytes, 1, rows) == 1) {
    while (avr->pc != classify) {
      if (!step(avr)) return 4;
    }
    memcpy(avr->data + row, next, bytes);
    if (!classified(avr, answers)) return 5;
  }
  return answers && fclose(answers) == 0 ? 0 : 6;
}
