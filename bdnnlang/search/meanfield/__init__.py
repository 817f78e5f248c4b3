"""Mean-field training: step networks of any depth, trained by their random rounding; numpy only (docs/models.md 4.4)."""

from bdnnlang.search.meanfield.settings import NOISES, MeanFieldSettings, defaults
from bdnnlang.search.meanfield.train import train

__all__ = ["NOISES", "MeanFieldSettings", "defaults", "train"]
