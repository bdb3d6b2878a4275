/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef DAVY_QUEUE_SCRIPTS_H
#define DAVY_QUEUE_SCRIPTS_H

/* KEYS: q index done retry waiting. Whatever runs here runs whole or not at all. */
static const char push_script[] =
    "if redis.call('ZSCORE',KEYS[3],ARGV[1]) or redis.call('HEXISTS',KEYS[2],ARGV[1])==1 or "
    "redis.call('ZSCORE',KEYS[4],ARGV[1]) then return 0 end "
    "redis.call('HSET',KEYS[2],ARGV[1],redis.call('XADD',KEYS[1],'*','id',ARGV[1],'body',ARGV[2])) return 1";
static const char done_script[] =
    "local e=redis.call('HGET',KEYS[2],ARGV[1]) "
    "if e then redis.call('XACK',KEYS[1],'nodes',e) redis.call('XDEL',KEYS[1],e) redis.call('HDEL',KEYS[2],ARGV[1]) "
    "end "
    "redis.call('ZREM',KEYS[4],ARGV[1]) redis.call('HDEL',KEYS[5],ARGV[1]) redis.call('ZADD',KEYS[3],ARGV[2],ARGV[1]) "
    "redis.call('ZREMRANGEBYSCORE',KEYS[3],'-inf',ARGV[3]) return 1";
static const char retry_script[] =
    "local e=redis.call('HGET',KEYS[2],ARGV[1]) "
    "if e then redis.call('XACK',KEYS[1],'nodes',e) redis.call('XDEL',KEYS[1],e) redis.call('HDEL',KEYS[2],ARGV[1]) "
    "end "
    "redis.call('HSET',KEYS[5],ARGV[1],ARGV[2]) redis.call('ZADD',KEYS[4],ARGV[3],ARGV[1]) return 1";
static const char due_script[] =
    "for _,id in ipairs(redis.call('ZRANGEBYSCORE',KEYS[4],'-inf',ARGV[1],'LIMIT',0,16)) do "
    "redis.call('HSET',KEYS[2],id,redis.call('XADD',KEYS[1],'*','id',id,'body',redis.call('HGET',KEYS[5],id))) "
    "redis.call('ZREM',KEYS[4],id) redis.call('HDEL',KEYS[5],id) end return 1";

#endif
