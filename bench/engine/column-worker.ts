import { compile, createKernel, type ColumnSet, type Policy } from '@surety/engine'
import { parentPort, workerData } from 'node:worker_threads'

/** Runs a policy over a part of shared columns whenever it is asked to. */
const { policy, set } = workerData as { readonly policy: Policy; readonly set: ColumnSet }
const kernel = createKernel(compile(policy), set)

parentPort!.on('message', ({ from, to, times }: { readonly from: number; readonly to: number; readonly times: number }) => {
  for (let round = 0; round < times; round++) kernel.run(from, to)
  parentPort!.postMessage('done', [])
})
parentPort!.postMessage('ready', [])
