// SPDX-License-Identifier: GPL-2.0-or-later
// davy-sim chain against the independent implementations of npm (@polkadot/*): a client that believes only what the node says
// of itself signs a commitment, sends it, and reads it back. node tests/oracle/node.mjs DAVY_SIM NPM_FOLDER
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { join, resolve } from 'node:path';

const [, , program, npm] = process.argv;
const need = createRequire(join(resolve(npm), 'node_modules/'));
const { hexToU8a, stringCamelCase, u8aToHex } = need('@polkadot/util');
const { blake2AsHex, cryptoWaitReady } = need('@polkadot/util-crypto');
const { Keyring } = need('@polkadot/keyring');
const { Metadata, TypeRegistry, expandMetadata } = need('@polkadot/types');

const NETUID = 89, TEXT = '2;b;BTC,1=0.25:4,0.45:2';
await cryptoWaitReady();
const pair = new Keyring({ type: 'sr25519', ss58Format: 42 }).addFromSeed(new Uint8Array(32).fill(7));
const child = spawn(program, ['chain', '--block-ms', '3600000', '--seconds', '60', '--hotkeys', pair.address],
    { stdio: ['ignore', 'pipe', 'inherit'] });
const { value: line } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
const { url } = JSON.parse(line);

const whole = async (method, ...params) => (await (await fetch(url, {
    method: 'POST', body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
})).json());
const ask = async (method, ...params) => {
    const { result, error } = await whole(method, ...params);
    if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
};
const same = (got, want, what) => {
    if (got !== want) throw new Error(`${what}\n  ours   ${got}\n  theirs ${want}`);
};

const registry = new TypeRegistry();
const metadata = new Metadata(registry, await ask('state_getMetadata'));
registry.setMetadata(metadata, undefined, {
    ChargeTransactionPaymentWrapper: { extrinsic: { tip: 'Compact<u64>' }, payload: {} },
    SudoTransactionExtension: { extrinsic: {}, payload: {} }, CheckShieldedTxValidity: { extrinsic: {}, payload: {} },
    SubtensorTransactionExtension: { extrinsic: {}, payload: {} }, DrandPriority: { extrinsic: {}, payload: {} },
});
const { query, tx } = expandMetadata(registry, metadata);
const read = async (entry, ...keys) => {
    const raw = await ask('state_getStorage', u8aToHex(entry(...keys).slice(lead(entry(...keys)))));
    const type = entry.meta.type.isMap ? entry.meta.type.asMap.value : entry.meta.type.asPlain;
    return raw === null ? null : registry.createType(registry.createLookupType(type), raw);
};
const lead = (key) => (key[0] & 3) === 0 ? 1 : (key[0] & 3) === 1 ? 2 : 4; // theirs has the length in front

const call = registry.createType('Call', tx.commitments.setCommitment(NETUID, {
    fields: [{ [`Raw${TEXT.length}`]: '0x' + Buffer.from(TEXT).toString('hex') }],
}));
const version = await ask('state_getRuntimeVersion'), head = await ask('chain_getHeader');
const number = parseInt(head.number, 16), blockHash = await ask('chain_getBlockHash', number);
const genesisHash = await ask('chain_getBlockHash', 0);
const sign = async (change = {}) => {
    const options = {
        blockHash, genesisHash, era: registry.createType('ExtrinsicEra', { current: number, period: 64 }),
        nonce: await ask('system_accountNextIndex', pair.address), tip: 0, runtimeVersion: version,
        signedExtensions: registry.signedExtensions, ...change,
    };
    return registry.createType('Extrinsic', call, { version: 4 }).sign(pair, options);
};

const tests = {
    async 'what is signed for another chain, version or block is refused as a bad signature'() {
        for (const change of [{ genesisHash: blockHash }, { blockHash: genesisHash },
            { runtimeVersion: { ...version, specVersion: 1 } }, { runtimeVersion: { ...version, transactionVersion: 9 } }]) {
            const { error } = await whole('author_submitExtrinsic', (await sign(change)).toHex());
            same(`${error?.code} ${error?.data}`, '1010 Transaction has a bad signature', Object.keys(change)[0]);
        }
        const { error } = await whole('author_submitExtrinsic', (await sign({ tip: 5 })).toHex());
        same(error?.data, 'Inability to pay some fees (e.g. account balance too low)', 'a tip');
    },
    async 'what they sign is taken, by the hash they give it, and read back by them'() {
        const signed = await sign();
        same(await ask('author_submitExtrinsic', signed.toHex()), blake2AsHex(signed.toU8a()), 'hash');
        same(await ask('system_accountNextIndex', pair.address), 1, 'next nonce');
        await ask('sim_advance', 1);
        const record = await read(query.commitments.commitmentOf, NETUID, pair.publicKey);
        same(record.block.toNumber(), number + 1, 'block');
        same(Buffer.from(record.info.fields[0].inner.toU8a(true)).toString(), TEXT, 'text');
        same((await read(query.system.account, pair.publicKey)).nonce.toNumber(), 1, 'nonce');
        const { block } = await ask('chain_getBlock');
        same(block.extrinsics.join(), signed.toHex(), 'extrinsics of the block');
    },
    async 'every value of the storage has the key and the shape that they make of the metadata'() {
        let count = 0;
        for (const pallet of metadata.asLatest.pallets)
            for (const item of pallet.storage.unwrapOr({ items: [] }).items) {
                const entry = query[stringCamelCase(pallet.name)][stringCamelCase(item.name)];
                const prefix = u8aToHex(entry.keyPrefix());
                for (const key of await ask('state_getKeysPaged', prefix, 1000)) {
                    const raw = await ask('state_getStorage', key);
                    const type = item.type.isMap ? item.type.asMap.value : item.type.asPlain;
                    same(u8aToHex(registry.createType(registry.createLookupType(type), hexToU8a(raw)).toU8a()), raw, key);
                    count++;
                }
            }
        if (count < 80) throw new Error(`only ${count} values`);
    },
    async 'the list of neurons is what their shape of it says'() {
        const v15 = registry.createType('Option<Bytes>', hexToU8a(await ask('state_call', 'Metadata_metadata_at_version', '0x0f000000')));
        const other = new TypeRegistry(), m = new Metadata(other, v15.unwrap().toHex());
        other.setMetadata(m);
        const api = m.asV15.apis.find((a) => a.name.eq('NeuronInfoRuntimeApi')).methods[0];
        const raw = await ask('state_call', 'NeuronInfoRuntimeApi_get_neurons_lite', '0x5900');
        const list = other.createType(other.createLookupType(api.output), hexToU8a(raw));
        same(u8aToHex(list.toU8a()), raw, 'written again');
        same(list.length, 16, 'neurons');
        same(list[15].hotkey.toString(), pair.address, 'hotkey');
        same(list[0].stake[0][1].toBigInt() > 10n ** 12n, true, 'stake of a validator');
    },
};
let failed = 0;
for (const [name, test] of Object.entries(tests)) {
    try {
        await test();
        console.log(`ok      ${name}`);
    } catch (e) {
        failed++;
        console.log(`FAILED  ${name}: ${e.message}`);
    }
}
child.kill();
console.log(`${Object.keys(tests).length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
