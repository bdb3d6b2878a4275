/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/runtime_private.h"

#define RUNTIME_CALLS                                                                                                  \
    "@node_subtensor_runtime::RuntimeCall enum System=0 :SystemCall Timestamp=2 :TimestampCall Commitments=18 "        \
    ":CommitmentsCall"

const struct runtime_type runtime_types[] = {
    {"bool", "prim 0"},
    {"u8", "prim 3"},
    {"u16", "prim 4"},
    {"u32", "prim 5"},
    {"u64", "prim 6"},
    {"u128", "prim 7"},
    {"unit", "tuple"},
    {"bytes", "seq u8"},
    {"octets65", "array 65 u8"},
    {"compact_unit", "compact unit"},
    {"compact_u16", "compact u16"},
    {"compact_u64", "compact u64"},
    {"compact_u128", "compact u128"},
    {"AccountId32", "@sp_core::crypto::AccountId32 struct :octets32"},
    {"H256", "@primitive_types::H256 struct :octets32"},
    {"MultiAddress", "@sp_runtime::multiaddress::MultiAddress <AccountId:AccountId32 <AccountIndex:unit enum Id=0 "
                     ":AccountId32 Index=1 :compact_unit Raw=2 "
                     ":bytes Address32=3 :octets32 Address20=4 :octets20"},
    {"MultiSignature", "@sp_runtime::MultiSignature enum Ed25519=0 :octets64 Sr25519=1 :octets64 Ecdsa=2 :octets65"},
    {"fields", "seq Data"},
    {"BoundedVec", "@bounded_collections::bounded_vec::BoundedVec struct :fields"},
    {"CommitmentInfo", "@pallet_commitments::types::CommitmentInfo struct fields:BoundedVec"},
    {"Registration", "@pallet_commitments::types::Registration struct deposit:u64 block:u32 info:CommitmentInfo"},
    {"UsageTracker", "@pallet_commitments::types::UsageTracker struct last_epoch:u64 used_space:u64"},
    {"SystemCall", "@frame_system::pallet::Call enum remark=0 remark:bytes"},
    {"TimestampCall", "@pallet_timestamp::pallet::Call enum set=0 now:compact_u64"},
    {"CommitmentsCall", "@pallet_commitments::pallet::Call enum set_commitment=0 netuid:u16 info:CommitmentInfo"},
    {"RuntimeCall", RUNTIME_CALLS},
    {"AccountData", "@pallet_balances::types::AccountData struct free:u64 reserved:u64 frozen:u64 flags:u128"},
    {"AccountInfo",
     "@frame_system::AccountInfo struct nonce:u32 consumers:u32 providers:u32 sufficients:u32 data:AccountData"},
    {"netuid_account", "tuple u16 AccountId32"},
    {"netuid_uid", "tuple u16 u16"},
    {"account_netuid", "tuple AccountId32 u16"},
    {"split", "seq u16"},
    {"permits", "seq bool"},
    {"AxonInfo", "@pallet_subtensor::pallet::AxonInfo struct block:u64 version:u32 ip:u128 port:u16 ip_type:u8 "
                 "protocol:u8 placeholder1:u8 placeholder2:u8"},
    {"PrometheusInfo",
     "@pallet_subtensor::pallet::PrometheusInfo struct block:u64 version:u32 ip:u128 port:u16 ip_type:u8"},
    {"stake", "tuple AccountId32 compact_u64"},
    {"stakes", "seq stake"},
    {"NeuronInfoLite",
     "@pallet_subtensor::rpc_info::neuron_info::NeuronInfoLite struct hotkey:AccountId32 coldkey:AccountId32 "
     "uid:compact_u16 netuid:compact_u16 active:bool axon_info:AxonInfo "
     "prometheus_info:PrometheusInfo stake:stakes rank:compact_u16 emission:compact_u64 incentive:compact_u16 "
     "consensus:compact_u16 trust:compact_u16 validator_trust:compact_u16 dividends:compact_u16 "
     "last_update:compact_u64 "
     "validator_permit:bool pruning_score:compact_u16"},
    {"neurons", "seq NeuronInfoLite"},
    {"CheckMortality", "@frame_system::extensions::check_mortality::CheckMortality struct :Era"},
    {"CheckNonce", "@frame_system::extensions::check_nonce::CheckNonce struct :compact_u32"},
    {"compact_u32", "compact u32"},
    {"ChargeTransactionPaymentWrapper",
     "@node_subtensor_runtime::transaction_payment_wrapper::ChargeTransactionPaymentWrapper struct :compact_u64"},
    {"Mode", "@frame_metadata_hash_extension::Mode enum Disabled=0 Enabled=1"},
    {"CheckMetadataHash", "@frame_metadata_hash_extension::CheckMetadataHash struct mode:Mode"},
    {"no_hash", "@Option <T:octets32 enum None=0 Some=1 :octets32"},
    {"marker", "@frame_system::extensions::check_weight::CheckWeight struct"},
    {"all_extensions", "tuple marker CheckMortality CheckNonce ChargeTransactionPaymentWrapper CheckMetadataHash"},
    {"UncheckedExtrinsic", "@sp_runtime::generic::unchecked_extrinsic::UncheckedExtrinsic <Address:MultiAddress "
                           "<Call:RuntimeCall <Signature:MultiSignature <Extra:all_extensions "
                           "struct :bytes"},
    {"Runtime", "@node_subtensor_runtime::Runtime struct"},
    {.name = NULL},
};

const struct runtime_pallet runtime_pallets[] = {
    {"System", 0, "SystemCall"},
    {"Timestamp", 2, "TimestampCall"},
    {"SubtensorModule", 7, NULL},
    {"Commitments", 18, "CommitmentsCall"},
    {.name = NULL},
};

const struct runtime_storage runtime_storages[] = {
    {"System",
     "Account",
     false,
     {HASHER_BLAKE2_128_CONCAT},
     1,
     "AccountId32",
     "AccountInfo",
     "00000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000000"},
    {"System", "Number", false, {0}, 0, NULL, "u32", "00000000"},
    {"Timestamp", "Now", false, {0}, 0, NULL, "u64", "0000000000000000"},
    {"SubtensorModule", "Tempo", false, {HASHER_IDENTITY}, 1, "u16", "u16", "6801"},
    {"SubtensorModule", "SubnetworkN", false, {HASHER_IDENTITY}, 1, "u16", "u16", "0000"},
    {"SubtensorModule",
     "Keys",
     false,
     {HASHER_IDENTITY, HASHER_IDENTITY},
     2,
     "netuid_uid",
     "AccountId32",
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {"SubtensorModule", "Uids", true, {HASHER_IDENTITY, HASHER_BLAKE2_128_CONCAT}, 2, "netuid_account", "u16", "00"},
    {"SubtensorModule", "ValidatorPermit", false, {HASHER_IDENTITY}, 1, "u16", "permits", "00"},
    {"SubtensorModule",
     "TotalHotkeyAlpha",
     false,
     {HASHER_BLAKE2_128_CONCAT, HASHER_IDENTITY},
     2,
     "account_netuid",
     "u64",
     "0000000000000000"},
    {"SubtensorModule", "MechanismEmissionSplit", true, {HASHER_TWOX_64_CONCAT}, 1, "u16", "split", "00"},
    {"SubtensorModule", "MechanismCountCurrent", false, {HASHER_TWOX_64_CONCAT}, 1, "u16", "u8", "01"},
    {"Commitments",
     "CommitmentOf",
     true,
     {HASHER_IDENTITY, HASHER_TWOX_64_CONCAT},
     2,
     "netuid_account",
     "Registration",
     "00"},
    {"Commitments", "LastCommitment", true, {HASHER_IDENTITY, HASHER_TWOX_64_CONCAT}, 2, "netuid_account", "u32", "00"},
    {"Commitments",
     "UsedSpaceOf",
     true,
     {HASHER_IDENTITY, HASHER_TWOX_64_CONCAT},
     2,
     "netuid_account",
     "UsageTracker",
     "00"},
    {"Commitments", "MaxSpace", false, {0}, 0, NULL, "u32", "1c0c0000"},
    {.pallet = NULL},
};

const struct runtime_constant runtime_constants[] = {
    {"System", "SS58Prefix", "u16", "2a00"},
    {"System", "BlockHashCount", "u32", "60090000"},
    {"Timestamp", "MinimumPeriod", "u64", "7017000000000000"},
    {"Commitments", "MaxFields", "u32", "03000000"},
    {.pallet = NULL},
};

const struct runtime_extension runtime_extensions[] = {
    {"CheckNonZeroSender", "marker", "unit"},
    {"CheckSpecVersion", "marker", "u32"},
    {"CheckTxVersion", "marker", "u32"},
    {"CheckGenesis", "marker", "H256"},
    {"CheckMortality", "CheckMortality", "H256"},
    {"CheckNonce", "CheckNonce", "unit"},
    {"CheckWeight", "marker", "unit"},
    {"ChargeTransactionPaymentWrapper", "ChargeTransactionPaymentWrapper", "unit"},
    {"SudoTransactionExtension", "marker", "unit"},
    {"CheckShieldedTxValidity", "marker", "unit"},
    {"SubtensorTransactionExtension", "marker", "unit"},
    {"DrandPriority", "marker", "unit"},
    {"CheckMetadataHash", "CheckMetadataHash", "no_hash"},
    {.name = NULL},
};

const struct runtime_method_row runtime_methods[] = {
    {"Metadata", "metadata_at_version", "version", "u32", "bytes"},
    {"NeuronInfoRuntimeApi", "get_neurons_lite", "netuid", "u16", "neurons"},
    {.api = NULL},
};
