/* Philox4x64-10 (Salmon et al. 2011), as numpy has it: the counter goes up before it is used. */

#if defined(__SIZEOF_INT128__) && !defined(__wasm__)
static inline u64 high_product(u64 a, u64 b) {
    return (u64)(((unsigned __int128)a * b) >> 64);
}
#else
static inline u64 high_product(u64 a, u64 b) {
    u64 a_low = a & 0xffffffffULL, a_high = a >> 32;
    u64 b_low = b & 0xffffffffULL, b_high = b >> 32;
    u64 middle = a_high * b_low + ((a_low * b_low) >> 32);
    u64 other = a_low * b_high + (middle & 0xffffffffULL);
    return a_high * b_high + (middle >> 32) + (other >> 32);
}
#endif

/* 52 bits and a half: never 0 or 1, and exactly representable. */
static inline double unit(u64 word) {
    return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

static void philox(const Streams *streams, u64 key, i64 number, u64 *word) {
    u64 a = (u64)number + 1, b = a == 0, c = 0, d = streams->replication;
    u64 first = streams->seed, second = key;
    for (int round = 0; round < 10; round++) {
        u64 high_a = high_product(0xD2E7470EE14C6C93ULL, a), low_a = 0xD2E7470EE14C6C93ULL * a;
        u64 high_c = high_product(0xCA5A826395121157ULL, c), low_c = 0xCA5A826395121157ULL * c;
        a = high_c ^ b ^ first;
        b = low_c;
        c = high_a ^ d ^ second;
        d = low_a;
        first += 0x9E3779B97F4A7C15ULL;
        second += 0xBB67AE8584CAA73BULL;
    }
    word[0] = a, word[1] = b, word[2] = c, word[3] = d;
}

static void block(Streams *streams, u64 key, i64 number) {
    u64 word[4];
    philox(streams, key, number, word);
    streams->first = unit(word[0]);
    streams->second = unit(word[1]);
    streams->third = unit(word[2]);
    streams->fourth = unit(word[3]);
}

static double one(Streams *streams, u64 key, i64 entity) {
    u64 word[4];
    philox(streams, key, entity, word);
    return unit(word[0]);
}
