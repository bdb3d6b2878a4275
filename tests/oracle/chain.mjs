// SPDX-License-Identifier: GPL-2.0-or-later
// src/chain against the independent implementations of npm (@polkadot/*, @scure/sr25519), with the metadata of the real
// chain: node tests/oracle/chain.mjs CHAIN_LINE NPM_FOLDER. Random inputs, the same ones in every run.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [, , program, npm] = process.argv;
const need = createRequire(join(resolve(npm), 'node_modules/'));
const crypto = need('@polkadot/util-crypto');
const { compactToU8a, hexToU8a, stringCamelCase, stringToU8a, u8aToHex } = need('@polkadot/util');
const { Keyring } = need('@polkadot/keyring');
const { GenericExtrinsicPayload, Metadata, TypeRegistry, expandMetadata } = need('@polkadot/types');
const scure = need('@scure/sr25519');
const { mainnetMaterial: chain } = need(join(resolve(npm), 'mainnet.js'));

let seed = 0;
const random = (n) => {
    const out = [];
    while (out.length < n) out.push(...createHash('sha256').update(`davy ${seed++}`).digest());
    return Uint8Array.from(out.slice(0, n));
};
const number = (most) => Number(random(6).reduce((a, b) => a * 256n + BigInt(b), 0n) % BigInt(most));
const hex = (bytes) => u8aToHex(bytes).slice(2);

class Ours {
    constructor(...args) {
        this.child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
        this.lines = createInterface({ input: this.child.stdout })[Symbol.asyncIterator]();
    }
    async ask(...words) {
        this.child.stdin.write(words.join(' ') + '\n');
        const { value, done } = await this.lines.next();
        if (done) throw new Error(`chain_line ended at: ${words.join(' ').slice(0, 200)}`);
        return value;
    }
    end() {
        this.child.stdin.end();
    }
}

// @polkadot's own conversion to V15 forgets the documentation of pallets, and then cannot read what it wrote.
const v15 = (m) => Uint8Array.from([
    ...stringToU8a('meta'), 15, ...m.lookup.toU8a(), ...compactToU8a(m.pallets.length),
    ...m.pallets.flatMap((p) => [...p.toU8a(), 0]), ...m.extrinsic.toU8a(), ...m.type.toU8a(), ...m.apis.toU8a(),
    ...m.outerEnums.toU8a(), ...m.custom.toU8a(),
]);
const folder = mkdtempSync(join(tmpdir(), 'davy-chain-'));
const metadata = (version, registry) => {
    const m = new Metadata(registry, chain.metadata);
    registry.setMetadata(m);
    const bytes = version === 14 ? hexToU8a(chain.metadata) : v15(m.asV15);
    const file = join(folder, `v${version}`);
    writeFileSync(file, bytes);
    return { m, file };
};
const registry = new TypeRegistry();
const real = metadata(14, registry);
const ours = new Ours(real.file);
const ours15 = new Ours(metadata(15, new TypeRegistry()).file);
const expanded = expandMetadata(registry, real.m);

const verified = (...args) => {
    try {
        return crypto.sr25519Verify(...args);
    } catch {
        return false; // no point of the curve
    }
};

let passed = 0, failed = 0;
const same = (got, want, what) => {
    if (got !== want) throw new Error(`${what}\n  ours   ${got}\n  theirs ${want}`);
};
const tests = {
    async 'hashes of 0 to 300 bytes'() {
        for (let n = 0; n <= 300; n++) {
            const in_ = random(n);
            const want = [64, 128, 256].map((b) => hex(crypto.xxhashAsU8a(in_, b)))
                .concat([128, 256].map((b) => hex(crypto.blake2AsU8a(in_, b))));
            same(await ours.ask('hash', hex(in_)), want.join(' '), `hash of ${n} bytes`);
        }
    },
    async 'addresses of many networks, both ways'() {
        for (const prefix of [0, 2, 7, 42, 63, 64, 65, 127, 128, 255, 256, 1284, 9999, 16383]) {
            for (let i = 0; i < 20; i++) {
                const account = random(32);
                if (i === 0) account.fill(0);
                const text = crypto.encodeAddress(account, prefix);
                same(await ours.ask('ss58', hex(account), prefix), text, 'written');
                same(await ours.ask('account', text), `${hex(account)} ${prefix}`, 'read');
            }
        }
    },
    async 'addresses with a wrong letter: refused by both or taken by both'() {
        const letters = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
        for (let i = 0; i < 400; i++) {
            const text = [...crypto.encodeAddress(random(32), 42)];
            text[number(text.length)] = letters[number(58)];
            let theirs = '-';
            try {
                theirs = hex(crypto.decodeAddress(text.join('')));
            } catch { /* refused */ }
            same((await ours.ask('account', text.join(''))).split(' ')[0], theirs, text.join(''));
        }
    },
    async 'compact integers'() {
        for (let i = 0; i < 500; i++) {
            const n = random(8).slice(0, 1 + number(8)).reduce((a, b) => a * 256n + BigInt(b), 0n);
            same(await ours.ask('compact', n), hex(compactToU8a(n)), `${n}`);
        }
    },
    async 'keys of seeds, and both spellings of a secret key'() {
        const ring = new Keyring({ type: 'sr25519', ss58Format: 42 });
        for (let i = 0; i < 40; i++) {
            const mini = random(32), pair = crypto.sr25519PairFromSeed(mini);
            const [pub, secret] = (await ours.ask('seed', hex(mini))).split(' ');
            same(pub, hex(pair.publicKey), 'public key');
            same(secret, hex(pair.secretKey), 'secret key');
            same(await ours.ask('expanded', secret), pub, 'from the secret key');
            same(await ours.ask('ss58', pub, 42), ring.addFromSeed(mini).address, 'address');
        }
    },
    async 'secret phrases'() {
        for (let i = 0; i < 60; i++) {
            const words = [12, 15, 18, 21, 24][i % 5];
            const phrase = crypto.mnemonicGenerate(words);
            same(await ours.ask('phrase', phrase.replaceAll(' ', '_')), hex(crypto.mnemonicToMiniSecret(phrase)), 'seed');
            const wrong = phrase.split(' ').reverse().join(' ');
            const ok = crypto.mnemonicValidate(wrong);
            same((await ours.ask('phrase', wrong.replaceAll(' ', '_'))) !== '-', ok, 'a phrase the wrong way round');
        }
    },
    async 'signatures with the same random bytes are the same bytes (@scure/sr25519)'() {
        for (let i = 0; i < 40; i++) {
            const mini = random(32), message = random(number(400)), r = random(32);
            same(await ours.ask('sign', hex(mini), hex(message), hex(r)),
                hex(scure.sign(scure.secretFromSeed(mini), message, () => r)), 'signature');
        }
    },
    async 'ours is good for them, theirs for us, a bit turned for nobody'() {
        for (let i = 0; i < 60; i++) {
            const mini = random(32), pair = crypto.sr25519PairFromSeed(mini), message = random(1 + number(400));
            const own = hexToU8a('0x' + await ours.ask('sign', hex(mini), hex(message), hex(random(32))));
            same(crypto.sr25519Verify(message, own, pair.publicKey), true, 'ours');
            const theirs = crypto.sr25519Sign(message, pair);
            same(await ours.ask('verify', hex(pair.publicKey), hex(message), hex(theirs)), 'yes', 'theirs');
            const turned = Uint8Array.from(i % 2 ? own : theirs);
            turned[number(64)] ^= 1 << number(8);
            same(await ours.ask('verify', hex(pair.publicKey), hex(message), hex(turned)), '-', 'turned, by us');
            same(verified(message, turned, pair.publicKey), false, 'turned, by them');
        }
    },
    async 'eras'() {
        for (let i = 0; i < 400; i++) {
            const period = 4 << number(15), block = number(20000000);
            const bytes = registry.createType('ExtrinsicEra', { current: block, period }).toU8a();
            const era = registry.createType('ExtrinsicEra', bytes).asMortalEra; // read back: only then is the phase rounded
            same(await ours.ask('era', period, block), `${hex(bytes)} ${era.birth(block)} ${era.death(block)}`,
                `era ${period} at ${block}`);
        }
    },
    async 'every storage entry of the chain: its key'() {
        let entries = 0;
        for (const pallet of real.m.asLatest.pallets) {
            for (const item of pallet.storage.unwrapOr({ items: [] }).items) {
                const pack = expanded.query[stringCamelCase(pallet.name)][stringCamelCase(item.name)];
                const keys = keysOf(item);
                const key = keys.length ? pack(...keys) : pack();
                const words = keys.map((k) => hex(k.toU8a()));
                for (const who of [ours, ours15])
                    same(await who.ask('key', pallet.name, item.name, ...words), hex(key.slice(lead(key))),
                        `${pallet.name}.${item.name}`);
                entries++;
            }
        }
        if (entries < 200) throw new Error(`only ${entries} entries`);
    },
    async 'every constant of the chain, and what storage holds by default, has the shape of its type'() {
        let count = 0;
        const check = async (type, bytes, what) => {
            same(await ours.ask('fits', type, hex(bytes)), 'yes', what);
            same(await ours15.ask('fits', type, hex(bytes)), 'yes', what);
            same(await ours.ask('fits', type, hex(bytes) + '00'), '-', `${what} and a byte more`);
            if (bytes.length) same(await ours.ask('fits', type, hex(bytes.slice(0, -1))), '-', `${what} cut`);
            count++;
        };
        for (const pallet of real.m.asLatest.pallets) {
            for (const c of pallet.constants) {
                const bytes = c.value.toU8a(true);
                same(await ours.ask('constant', pallet.name, c.name), hex(bytes), `${pallet.name}.${c.name}`);
                await check(c.type.toNumber(), bytes, `${pallet.name}.${c.name}`);
            }
            for (const item of pallet.storage.unwrapOr({ items: [] }).items) {
                const type = item.type.isMap ? item.type.asMap.value : item.type.asPlain;
                if (item.modifier.isDefault) await check(type.toNumber(), item.fallback.toU8a(true), `${item.name}`);
            }
        }
        if (count < 200) throw new Error(`only ${count} values`);
    },
    async 'what a hotkey published is read back'() {
        const item = real.m.asLatest.pallets.find((p) => p.name.eq('Commitments')).storage.unwrap().items
            .find((i) => i.name.eq('CommitmentOf'));
        const type = registry.createLookupType(item.type.asMap.value);
        for (let i = 0; i <= 128; i++) {
            const text = random(i), block = number(10000000);
            const record = registry.createType(type, { deposit: number(1e9), block, info: { fields: [{ [`Raw${i}`]: text }] } });
            same(await ours.ask('record', hex(record.toU8a())), `${block} ${hex(text)}`, `record of ${i} bytes`);
        }
        const other = registry.createType(type, { deposit: 0, block: 7, info: { fields: [{ Sha256: random(32) }] } });
        same(await ours.ask('record', hex(other.toU8a())), '7 none', 'a hash');
    },
    async 'our extrinsic is decoded back, and its signature is that of its payload'() {
        for (let i = 0; i < 40; i++) await ourExtrinsic(i);
    },
    async 'an extrinsic that they signed is good for us, and bad on another chain'() {
        const ring = new Keyring({ type: 'sr25519' });
        for (let i = 0; i < 40; i++) await theirExtrinsic(ring.addFromSeed(random(32)), i);
    },
};

// A storage key of theirs begins with its own length.
const lead = (key) => ((key[0] & 3) === 0 ? 1 : (key[0] & 3) === 1 ? 2 : 4);
const keysOf = (item) => {
    if (!item.type.isMap) return [];
    const { hashers, key } = item.type.asMap;
    const def = registry.lookup.getTypeDef(key);
    const types = hashers.length === 1 ? [registry.createLookupType(key)] : def.sub.map((s) => s.lookupName ?? s.type);
    return types.map((t) => registry.createType(t));
};

const termsOf = (i) => {
    const block = number(20000000), period = i % 5 === 0 ? 0 : 4 << number(15);
    return {
        block, period, nonce: number(i % 3 ? 100 : 1e9), specVersion: 100 + number(400), transactionVersion: 1,
        genesisHash: random(32), blockHash: random(32),
    };
};
const words = (t) => [t.specVersion, t.transactionVersion, t.nonce, t.period, t.block, hex(t.genesisHash), hex(t.blockHash)];
const eraOf = (t) => (t.period ? registry.createType('ExtrinsicEra', { current: t.block, period: t.period }) : '0x00');
// An immortal era is signed with the genesis hash.
const payloadOf = (t, call) => registry.createType('ExtrinsicPayload', {
    method: u8aToHex(call), era: eraOf(t), nonce: t.nonce, tip: 0, mode: 0, metadataHash: null,
    specVersion: t.specVersion, transactionVersion: t.transactionVersion, genesisHash: u8aToHex(t.genesisHash),
    blockHash: u8aToHex(t.period ? t.blockHash : t.genesisHash),
}, { version: 4 });
const signed = (payload) => {
    const bytes = payload.toU8a({ method: true });
    return bytes.length > 256 ? crypto.blake2AsU8a(bytes, 256) : bytes;
};

async function callOf(i) {
    if (i % 4 === 3) return expanded.tx.system.remark(u8aToHex(random(300))).toU8a();
    const netuid = number(65536), text = random(number(129));
    const call = hexToU8a('0x' + await ours.ask('call', netuid, hex(text)));
    same(await ours15.ask('call', netuid, hex(text)), hex(call), 'the call by V15');
    const theirs = expanded.tx.commitments.setCommitment(netuid, { fields: [{ [`Raw${text.length}`]: text }] });
    same(hex(call), hex(theirs.toU8a()), 'the call');
    return call;
}

async function ourExtrinsic(i) {
    const t = termsOf(i), call = await callOf(i), mini = random(32), pair = crypto.sr25519PairFromSeed(mini);
    const ask = ['extrinsic', hex(mini), hex(random(32)), hex(call), ...words(t)];
    const [payload, extrinsic, hash] = (await ours.ask(...ask)).split(' ');
    same((await ours15.ask(...ask)).split(' ')[0], payload, 'payload by V15');
    same(payload, hex(signed(payloadOf(t, call))), 'payload');
    const x = registry.createType('Extrinsic', hexToU8a('0x' + extrinsic));
    same(hex(x.toU8a()), extrinsic, 'the whole');
    same(hex(x.hash), hash, 'hash');
    same(hex(x.method.toU8a()), hex(call), 'call');
    same(x.signer.toString(), crypto.encodeAddress(pair.publicKey, 42), 'signer');
    same(x.nonce.toNumber(), t.nonce, 'nonce');
    same(hex(x.era.toU8a()), t.period ? hex(eraOf(t).toU8a()) : '00', 'era');
    same(crypto.sr25519Verify(signed(payloadOf(t, call)), x.signature, pair.publicKey), true, 'signature');
}

async function theirExtrinsic(pair, i) {
    const t = termsOf(i), call = await callOf(i), payload = payloadOf(t, call);
    const x = registry.createType('Extrinsic', { method: registry.createType('Call', call) }, { version: 4 });
    const { signature } = payload.sign(pair);
    x.addSignature(pair.address, signature, payload.toHex());
    const want = [hex(pair.publicKey), t.nonce, 0, t.period, hex(call)].join(' ');
    same(await ours.ask('seen', hex(x.toU8a()), ...words(t)), `${want} good`, 'theirs');
    const elsewhere = words({ ...t, genesisHash: random(32) });
    same(await ours15.ask('seen', hex(x.toU8a()), ...elsewhere), `${want} bad`, 'theirs, on another chain');
}

await crypto.cryptoWaitReady();
for (const [name, run] of Object.entries(tests)) {
    try {
        await run();
        passed++;
        console.log(`ok      ${name}`);
    } catch (error) {
        failed++;
        console.log(`FAILED  ${name}\n${error.stack}`);
    }
}
ours.end();
ours15.end();
rmSync(folder, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
