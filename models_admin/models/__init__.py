"""Rows of the console: model files, how they are hosted, and the machines that host them."""

from models_admin.models.deployments import (
    Deployment,
    DeploymentTeam,
    Endpoint,
    OutsidePolicy,
    TeamModel,
    WornAdapter,
)
from models_admin.models.files import LONGEST_SENTENCE, LONGEST_TEXT, Download, ModelFile, Upload, shown_size
from models_admin.models.hosts import Happening, Host, Placement

__all__ = [
    "LONGEST_SENTENCE",
    "LONGEST_TEXT",
    "Deployment",
    "DeploymentTeam",
    "Download",
    "Endpoint",
    "Happening",
    "Host",
    "ModelFile",
    "OutsidePolicy",
    "Placement",
    "TeamModel",
    "Upload",
    "WornAdapter",
    "shown_size",
]
