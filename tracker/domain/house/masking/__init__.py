"""Masking (脱敏): numbers of anybody in what people write, and of a case everything that names who reported it."""

from tracker.domain.house.masking.anybody import mask_text as mask_text
from tracker.domain.house.masking.known import SOMEBODY as SOMEBODY
from tracker.domain.house.masking.known import Mask as Mask
from tracker.domain.house.masking.known import Said as Said
from tracker.domain.house.masking.known import mask_of as mask_of
from tracker.domain.house.masking.names import counts_as_name as counts_as_name
from tracker.domain.house.masking.names import is_nobody as is_nobody
from tracker.domain.house.masking.names import names_in as names_in
