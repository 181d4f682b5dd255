#!/usr/bin/env python3
"""Opens a Postern backup without Postern: prints the newest good generation as JSON, with the value of every key.
  python3 rescue.py FOLDER > store.json    the recovery code on standard input; unpack archives first: tar -xf X.tar
  python3 rescue.py --jwk FOLDER > key.jwk its private key, for: jose jwe dec -i FOLDER/slots/ID.jwe.json -k key.jwk
Needs jwcrypto and cryptography (Debian: python3-jwcrypto). What it prints is secret: delete it when it was used."""
import base64, getpass, glob, hashlib, json, os, sys, zlib
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from jwcrypto import jwe, jwk

CODE, BASE62 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
sha = lambda data: hashlib.sha256(data).digest()
b64 = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
hkdf = lambda key, salt, info, size=32: HKDF(SHA256(), size, salt, info.encode()).derive(key)

def seed_of(code):
    text = "".join(code.upper().split()).replace("-", "").translate(str.maketrans("OIL", "011"))
    if len(text) != 56 or any(c not in CODE for c in text):
        sys.exit("rescue: a code has 14 groups of 4 characters, digits and letters without I, L, O and U")
    seed = (sum(CODE.index(c) << 5 * n for n, c in enumerate(reversed(text[:52]))) >> 4).to_bytes(32, "big")
    check = int.from_bytes(sha(b"postern/recovery/check/v1" + seed)[:3], "big") >> 4
    if text[52:] != "".join(CODE[check >> shift & 31] for shift in (15, 10, 5, 0)):
        sys.exit("rescue: the last group does not fit the others: one character is mistyped")
    return seed

def open_slots(folder, seed):
    private, roots = None, {}
    for path in sorted(glob.glob(os.path.join(glob.escape(folder), "slots*", "*.jwe.json")), reverse=True):
        try:
            slot = jwe.JWE()
            slot.deserialize(open(path).read())
            store_id = slot.jose_header["storeId"].encode()
            scalar = int.from_bytes(hkdf(seed, store_id, "postern/recovery/v1", 48), "big") % (ORDER - 1) + 1
            key = jwk.JWK.from_pyca(ec.derive_private_key(scalar, ec.SECP256R1()))
            slot.decrypt(key)
            private, opened = key, json.loads(slot.payload)
            roots |= {b64(each): 1 for each in [opened["rootKey"], *(old["key"] for old in opened.get("past", []))]}
        except (jwe.InvalidJWEData, ValueError, KeyError):
            continue
    return (private, roots) if roots else sys.exit("rescue: the code opens no recovery slot of this folder")

def open_generation(data, root):
    if data[:6] != b"PSTN1\n" or sha(data[:-32]) != data[-32:]:
        raise ValueError("cut or changed")
    length = lambda at: int.from_bytes(data[at:at + 4], "big")
    ring_at = 10 + length(6)
    sealed_at, head = ring_at + 4 + length(ring_at), data[10:ring_at]
    header, ring, sealed = json.loads(head), data[ring_at + 4:sealed_at], data[sealed_at:-32]
    ring = json.loads(AESGCM(root).decrypt(ring[:12], ring[12:], sha(head)))
    aes, step = AESGCM(hkdf(b64(ring["deks"][header["dek"]]), b64(header["salt"]), "postern/store/v1")), 65536 + 16
    nonce = lambda at: (at // step).to_bytes(11, "big") + bytes([at + step >= len(sealed)])
    plain = [aes.decrypt(nonce(at), sealed[at:at + step], sha(head)) for at in range(0, len(sealed), step)]
    document, field = json.loads(b"".join(plain)), b64(ring["fieldKey"])
    aes = AESGCM(hkdf(field, header["storeId"].encode(), "postern/field/v1/document"))
    for key in document["keys"].values():
        for secret in (each for each in key["secrets"] if each["sealed"]):
            blob, bound = b64(secret["sealed"][3:]), f"{key['id']}/secret/{secret['version']}".encode()
            body = aes.decrypt(blob[:12], blob[12:], sha(bound)).decode()
            crc = zlib.crc32((key["id"] + body).encode())
            digits = "".join(BASE62[crc // 62 ** n % 62] for n in range(5, -1, -1))
            secret["value"] = f"postern_{key['id']}_{body}{digits}"
    return document

*options, folder = sys.argv[1:] or sys.exit(__doc__)
code = getpass.getpass("Recovery code: ") if sys.stdin.isatty() else sys.stdin.readline()
private, root_keys = open_slots(folder, seed_of(code))
if options == ["--jwk"]:
    sys.exit(print(private.export()))
for generation in sorted(glob.glob(os.path.join(glob.escape(folder), "store", "*.pks")), reverse=True):
    for root_key in root_keys:
        try:
            sys.exit(json.dump(open_generation(open(generation, "rb").read(), root_key), sys.stdout, indent=1))
        except (ValueError, KeyError, InvalidTag) as error:
            why = str(error) or "the key does not fit"
    print(f"rescue: {generation} does not open ({why}); the one before it is tried", file=sys.stderr)
sys.exit("rescue: no generation of this folder opens")
