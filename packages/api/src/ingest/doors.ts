import { Router } from 'express'
export function ingestDoors(_deps: object): Router {
  return Router()
}
