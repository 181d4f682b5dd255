/**
 * Loaded into a program before its own code (`--import`): when the command that started it is gone, also by `kill -9`,
 * the program is asked to stop. Never keeps the program alive by itself.
 */
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
