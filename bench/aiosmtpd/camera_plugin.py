"""Makes aiosmtpd's own tests test our class: ``pytest -p camera_plugin --pyargs aiosmtpd.tests.test_smtp``."""

import aiosmtpd.controller
from aiosmtpd.smtp import SMTP

from producers.alarms.protocol import CameraSMTP

CameraSMTP.AuthLoginUsernameChallenge = SMTP.AuthLoginUsernameChallenge
CameraSMTP.AuthLoginPasswordChallenge = SMTP.AuthLoginPasswordChallenge
aiosmtpd.controller.SMTP = CameraSMTP
