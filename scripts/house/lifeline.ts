// Loaded into the API and the worker with --import: when the process that started them is gone, they end as if asked to.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
// Listening keeps the channel open, and with it the process; but it is not for this that a program lives.
process.channel?.unref()
