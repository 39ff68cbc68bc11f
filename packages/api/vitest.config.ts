import { suite } from '../../test/support/suite.ts'

export default suite('api', { kind: 'integration', needs: ['postgres', 'temporal'] })
