// Loaded into the API and the worker with --import: when the process that started them is gone, they end as if asked to.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'))
