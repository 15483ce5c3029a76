"""The parts of a dossier that can be had alone: their names in addresses, and what they are called."""

PARTS: dict[str, str] = {"facts": "案件情况", "duties": "责任与时限", "course": "办理过程", "members": "并入案件", "photos": "照片",
                         "files": "证据目录", "proof": "核验"}
