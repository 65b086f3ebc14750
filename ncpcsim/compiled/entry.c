/* What is called from outside. Nothing is kept between calls: threads may call side by side, each
   with memory of its own. */

#if defined(_WIN32)
#define EXPORTED __declspec(dllexport)
#else
#define EXPORTED __attribute__((visibility("default")))
#endif

EXPORTED const char *ncpcsim_source(void) { return SOURCE; }

/* Parameters of some draws: values has a row a draw. */
EXPORTED void ncpcsim_draw(u64 seed, i64 draws, const u64 *draw, i64 parameters, const u64 *keys,
                           const i64 *distributions, const double *numbers, double *values) {
    Streams streams = {.seed = seed};
    for (i64 row = 0; row < draws; row++) {
        streams.replication = draw[row];
        for (i64 column = 0; column < parameters; column++) {
            const double *of = numbers + 3 * column;
            double u = one(&streams, keys[column], 0);
            values[row * parameters + column] =
                chance_quantile(distributions[column], of[0], of[1], of[2], u);
        }
    }
}

/* Runs: each fills its cells of memory with its row of values, and leaves a row of results. */
EXPORTED void ncpcsim_simulate(i64 *memory, const i64 *directory, u64 seed, i64 runs,
                               const u64 *replications, i64 cells, const i64 *cell_words,
                               const i64 *cell_columns, i64 columns, const double *values,
                               i64 first_result, i64 result_words, i64 *results) {
    Inputs inputs;
    World world;
    Centre centre;
    const i64 *next = open_Inputs(&inputs, memory, directory);
    next = open_World(&world, memory, next);
    open_Centre(&centre, memory, next);
    centre.inputs = &inputs;
    centre.world = &world;
    for (i64 run = 0; run < runs; run++) {
        for (i64 cell = 0; cell < cells; cell++) {
            double *place = (double *)(memory + cell_words[cell]);
            *place = values[run * columns + cell_columns[cell]];
        }
        centre.streams->seed = seed;
        centre.streams->replication = replications[run];
        engine_simulate(&centre);
        for (i64 word = 0; word < result_words; word++)
            results[run * result_words + word] = memory[first_result + word];
    }
}
