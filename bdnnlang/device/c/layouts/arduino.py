"""`arduino`: a library for the Arduino IDE and for PlatformIO."""

from __future__ import annotations

from bdnnlang.device.c.layouts.headers import MOST_BITS, filled, headers
from bdnnlang.device.c.layouts.plain import CMAKE
from bdnnlang.device.formats.form import Exported, Form

PROPERTIES = """\
name=@name@
version=1.0.0
author=bdnnc export
maintainer=bdnnc export
sentence=A network of step neurons, @widths@.
paragraph=@name@_predict(x) is the class of whole numbers. No floating point, no memory of its own, tables in flash.
category=Data Processing
url=https://arxiv.org/abs/2110.11382
architectures=*
includes=@name@.h
"""
PLATFORMIO = """\
{
  "name": "@name@",
  "version": "1.0.0",
  "description": "A network of step neurons, @widths@: the class of whole numbers",
  "frameworks": "*",
  "platforms": "*",
  "headers": "@name@.h"
}
"""
SKETCH = """\
// Tests itself, then tells the class of each @NAME@_INPUTS whole numbers that come over the serial line.
#include <@name@.h>
#include <@name@_selftest.h>

static const char *const names[@NAME@_CLASSES] = { @NAME@_CLASS_NAMES };

void setup() {
  Serial.begin(115200);
  Serial.setTimeout(60000);
  const unsigned wrong = @name@_selftest();
  if (wrong == 0) {
    Serial.println("self-test passed");
  } else {
    Serial.print("self-test failed at row ");
    Serial.println(wrong);
  }
}

void loop() {
  @name@_input_t x[@NAME@_INPUTS];
  for (unsigned i = 0; i < @NAME@_INPUTS; ++i) {
    x[i] = (@name@_input_t)Serial.parseInt();
  }
  Serial.println(names[@name@_predict(x)]);
}
"""
TEXTS = {
    "library.properties": PROPERTIES,
    "library.json": PLATFORMIO,
    "examples/classify/classify.ino": SKETCH,
    "CMakeLists.txt": CMAKE.replace("${CMAKE_CURRENT_LIST_DIR}", "${CMAKE_CURRENT_LIST_DIR}/src"),
}


def files(exported: Exported) -> dict[str, bytes]:
    return {**headers(exported, "src/"), **filled(TEXTS, exported)}


FORM = Form(files=files, most_bits=MOST_BITS)
