"""Mean-field training: step networks of any depth, trained by their random rounding; numpy only (docs/models.md 4.4)."""

from bdnnlang.search.meanfield.settings import FALLING, NOISES, MeanFieldSettings, defaults, is_wide
from bdnnlang.search.meanfield.train import train

__all__ = ["FALLING", "NOISES", "MeanFieldSettings", "defaults", "is_wide", "train"]
