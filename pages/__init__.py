"""The pages, one a file."""

from pages.join import JOIN
from pages.login import LOGIN
from pages.missing import MISSING
from pages.register import REGISTER, SETUP
from pages.welcome import WELCOME
from pages.workspace import CHANNEL, WORKSPACE

PAGES = (LOGIN, REGISTER, SETUP, JOIN, WELCOME, WORKSPACE, CHANNEL, MISSING)
