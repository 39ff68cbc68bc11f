import { takeOver, type TakeOverRequest } from './take-over.ts'

addEventListener('message', ({ data }: MessageEvent<TakeOverRequest>) => {
  void takeOver(data).then(postMessage)
})
