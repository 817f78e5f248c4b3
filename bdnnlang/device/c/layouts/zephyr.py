"""`zephyr`: a module for Zephyr, whose self-test may run at boot."""

from __future__ import annotations

from bdnnlang.device.c.layouts.headers import MOST_BITS, filled, headers
from bdnnlang.device.formats.form import Exported, Form

MODULE = """\
name: @name@
build:
  cmake: .
  kconfig: Kconfig
"""
CMAKE = """\
# Add this folder to ZEPHYR_EXTRA_MODULES, or to the manifest of west.
if(CONFIG_@NAME@)
  zephyr_include_directories(include)
  if(CONFIG_@NAME@_SELFTEST)
    zephyr_library()
    zephyr_library_sources(src/@name@_boot.c)
  endif()
endif()
"""
KCONFIG = """\
config @NAME@
    bool "@name@, a network of step neurons"
    help
      @name@_predict() of <@name@.h>, a network @widths@ in whole numbers.

config @NAME@_SELFTEST
    bool "Test @name@ at boot"
    depends on @NAME@
    help
      Computes rows whose classes are known, and stops the boot with
      k_panic() if one is wrong.
"""
BOOT = """\
#include <zephyr/init.h>
#include <zephyr/kernel.h>

#include <@name@_selftest.h>

static int @name@_boot(void)
{
    if (@name@_selftest() != 0u) {
        k_panic();
    }
    return 0;
}

SYS_INIT(@name@_boot, APPLICATION, CONFIG_APPLICATION_INIT_PRIORITY);
"""
TEXTS = {"zephyr/module.yml": MODULE, "CMakeLists.txt": CMAKE, "Kconfig": KCONFIG, "src/@name@_boot.c": BOOT}


def files(exported: Exported) -> dict[str, bytes]:
    return {**headers(exported, "include/"), **filled(TEXTS, exported)}


FORM = Form(files=files, most_bits=MOST_BITS)
