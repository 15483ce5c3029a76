"""What lies in the bundle of a draw beside its numbers: a script that repeats it with Python alone, and a word on how."""

SCRIPT = '''"""Repeats a draw: python3 xh_draw_1.py roster.json proof.json"""
import hashlib, hmac, json, sys

sha = lambda text: hashlib.sha256(text.encode()).hexdigest()
text = open(sys.argv[1], encoding="utf-8").read()
told = json.load(open(sys.argv[2], encoding="utf-8"))
roster = json.loads(text)
seed = sha("xh-draw-1|%s|%s|%s" % (told["secret"], sha(text), told["witness"]))
mark = lambda *parts: hmac.new(bytes.fromhex(seed), "|".join(parts).encode(), hashlib.sha256).hexdigest()
load = dict.fromkeys(roster["officers"], 0)
barred = set(map(tuple, roster["conflicts"]))
lines = []
for stratum in roster["strata"]:
    pool = [site for site in roster["sites"] if site["class"] == stratum["class"] and not site["out"]]
    pool.sort(key=lambda site: (site["times"] if stratum["fresh_first"] else 0, mark("site", site["code"]), site["code"]))
    for site in pool[:stratum["quota"]]:
        code = site["code"]
        free = [who for who in load if (who, code) not in barred and load[who] < roster["most_sites"]]
        team = sorted(free, key=lambda who: (load[who], mark("officer", code, who), who))[:roster["team"]]
        for who in team:
            load[who] += 1
        lines.append([site["class"], code] + team)
result = sha(json.dumps(lines, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
found = {"roster_digest": sha(text), "commitment": sha(told["secret"]), "seed": seed, "result_digest": result}
for name, value in found.items():
    print(name, value, "equal" if value == told[name] else "UNEQUAL")
for line in lines:
    print(" ".join(line))
sys.exit(any(value != told[name] for name, value in found.items()))
'''
README = """双随机抽取 {number} 验证包

本包供任何人重做这次抽取，核对结果。

一、先封存。抽取名录（roster.json）和密值在抽取前封存：名录摘要 {roster_digest}，密值摘要 {commitment}。
二、后见证。封存时写明到那天才会知道的公开来源：{witness_source}。到期由另一人照抄其数值：{witness}。
三、再抽取。种子由密值、名录摘要、见证数值算出：{seed}。各分类按次数、排序值、编号取前若干名，检查人员按已派家数、排序值、登录名轮流。
四、可核对。结果（result.json）的摘要为 {result_digest}。

重做：安装 Python 3 后执行
    python3 xh_draw_1.py roster.json proof.json
四行都是 equal，即与公布的一致。装有本系统的，可执行 flask draws verify 本文件。
"""
