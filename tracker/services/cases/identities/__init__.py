"""Who reported a case: kept sealed, masked in every text, opened by two persons, erased by two persons."""

from tracker.services.cases.identities.masks import given_masked as given_masked
from tracker.services.cases.identities.masks import masked_for as masked_for
from tracker.services.cases.identities.masks import masked_for_number as masked_for_number
from tracker.services.cases.identities.masks import masking_for as masking_for
from tracker.services.cases.identities.masks import masks_of as masks_of
from tracker.services.cases.identities.masks import order_masked as order_masked
from tracker.services.cases.identities.reporters import Reporter as Reporter
from tracker.services.cases.identities.reporters import keep as keep
from tracker.services.cases.identities.reporters import keep_many as keep_many
from tracker.services.cases.identities.reporters import repeat_reporters as repeat_reporters
from tracker.services.cases.identities.requests import ask as ask
from tracker.services.cases.identities.requests import decide as decide
from tracker.services.cases.identities.requests import lapse as lapse
from tracker.services.cases.identities.reveals import open_original as open_original
from tracker.services.cases.identities.reveals import reveal as reveal
from tracker.services.cases.identities.reveals import sealed_originals as sealed_originals
from tracker.services.cases.identities.seeing import request_seen as request_seen
from tracker.services.cases.identities.seeing import requests_seen as requests_seen
from tracker.services.cases.identities.sweeping import sweep as sweep
from tracker.services.cases.identities.sweeping import sweep_daily as sweep_daily
