"""Who comes into the models' office."""

from accounts.doors import keepers
from accounts.roles import Power

of_models = keepers(Power.MANAGE_MODELS)
