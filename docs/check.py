"""核对一份可验证卷宗：python3 check.py 卷宗.zip [邮件.txt …] [key.txt]。只需要 Python 和 cryptography，不需要销号平台，不联网。"""
import base64, contextlib, hashlib, json, re, sys, zipfile
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()  # noqa: E731
bad = lambda said: sys.exit(f"不符：{said}")  # noqa: E731

def climb(leaf, index, size, path, what):
    turns, low, high = [], 0, size
    while high - low > 1:
        middle = low + (1 << (high - low - 1).bit_length() - 1)
        turns.append(index < middle)
        low, high = (low, middle) if index < middle else (middle, high)
    if not 0 <= index < size or len(turns) != len(path):
        bad(f"{what}的路径长度不对")
    for is_left, beside in zip(reversed(turns), map(bytes.fromhex, path), strict=True):
        leaf = sha(b"\x01", leaf, beside) if is_left else sha(b"\x01", beside, leaf)
    return leaf

def logged(fact, size, root):
    name = f"第 {fact['seq']} 条" if fact["stream"] != "ledger" else "封签"
    parts = [str(fact[k]) for k in ("stream", "seq", "kind", "actor_id", "at", "body", "previous")]
    if hashlib.sha256("".join(f"{len(p)}:{p}" for p in parts).encode()).hexdigest() != fact["digest"]:
        bad(f"{name}的内容与哈希不符（经办人、时间或内容被改动）")
    leaf = sha(b"\x00", bytes.fromhex(fact["digest"]), fact["logged_at"].to_bytes(8, "big"))
    if climb(leaf, fact["position"] - 1, size, fact["path"], name) != root:
        bad(f"{name}不在账本的检查点之内（登记时间或位置被改动）")

def signed(note, vkey):
    name, key_id, key = vkey.strip().split("+", 2)
    raw, text = base64.b64decode(key), note.split("\n\n")[0] + "\n"
    for line in re.findall(r"^— (\S+) (\S+)$", note, re.M):
        body = base64.b64decode(line[1])
        with contextlib.suppress(InvalidSignature):
            if line[0] == name and body[:4].hex() == key_id:
                Ed25519PublicKey.from_public_bytes(raw[1:]).verify(body[4:], text.encode())
                return True
    return False

def main(path, *others):
    with zipfile.ZipFile(path) as file:
        read = lambda name: file.read(name).decode().replace("\r\n", "\n")  # noqa: E731
        d, note, key, names = json.loads(read("ledger.json")), read("checkpoint.txt"), read("key.txt"), file.namelist()
        held = [open(each, encoding="utf-8").read().replace("\r\n", "\n") for each in others]
        key = next((text for text in held if re.fullmatch(r"\S+\+[0-9a-f]{8}\+\S+\s*", text)), key)
        if not signed(note, key):
            bad("检查点没有这把公钥的有效签名")
        size, root, stream = int(note.split("\n")[1]), base64.b64decode(note.split("\n")[2]), f"case:{d['number']}"
        for at, digits in (found for text in held for found in re.findall(r"账本 ([\d,]+) · ([0-9a-f ]+)", text)):
            if int(at.replace(",", "")) == size and not root.hex().startswith(digits.replace(" ", "")[:20]):
                bad("检查点与所持的邮件不同")
        previous, files, words = "0" * 64, set(), {(w["seq"], w["name"]): w for w in d["words"]}
        for n, fact in enumerate(d["facts"], 1):
            if (fact["stream"], fact["seq"], fact["previous"]) != (stream, n, previous):
                bad(f"第 {n} 条缺失或不衔接")
            logged(fact, size, root)
            body, previous = json.loads(fact["body"]), fact["digest"]
            for name, told in (body.get("words") or {}).items():
                w = words.pop((n, name), None)
                if w and hashlib.sha256(bytes.fromhex(w["salt"]) + w["text"].encode()).hexdigest() != told:
                    bad(f"第 {n} 条的文字被改动：{name}")
            files |= {e["sha256"] for e in body.get("evidence") or [] if isinstance(e, dict) and not e.get("is_original_sealed")}
        if words:
            bad(f"第 {min(words)[0]} 条多出文字：{min(words)[1]}")
        for digest in files - set(d["missing"]):
            if f"evidence/{digest}" not in names or hashlib.sha256(file.read(f"evidence/{digest}")).hexdigest() != digest:
                bad(f"证据被改动或不见了：{digest[:16]}")
        logged(d["seal"]["fact"], size, root)
        seal = json.loads(d["seal"]["fact"]["body"])
        last, count = d["seal"]["head"], len(d["facts"])
        head = sha(b"\x00", f"{stream}\n{last['seq']}\n{last['digest']}".encode())
        if climb(head, d["seal"]["index"], seal["streams"], d["seal"]["path"], "封签").hex() != seal["heads_root"]:
            bad("封签里本案的最后一条被改动")
        if (last["seq"], last["digest"]) != (count, previous):
            bad(f"封签时本案有 {last['seq']} 条，卷宗只有 {count} 条")
    print(f"相符：案件 {d['number']} 共 {count} 条记录、{len(files)} 份证据，都在账本第 {size} 条之内；"
          f"截至 {seal['on']} 封签没有更多记录。")

main(*sys.argv[1:])
