import { suite } from '../../test/support/suite.ts'

export default suite('workflows', { kind: 'integration', needs: ['postgres', 'temporal'] })
