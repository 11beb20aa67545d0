"""The customer service's unit of work in PostgreSQL."""

from sqlalchemy.orm import Session

from chassis.database import SqlWork
from chassis.scope import EVERYTHING, Scope
from chassis.sealing.sealer import Sealer
from services.customer.adapters import tables
from services.customer.adapters.announcements import to_message
from services.customer.adapters.customers import SqlCustomers
from services.customer.adapters.grants import SqlGrants
from services.customer.adapters.handovers import SqlHandovers
from services.customer.adapters.portfolios import SqlHouseholds, SqlPortfolios, SqlTransactions
from services.customer.adapters.registers import SqlImports, SqlProductNames, SqlStaff
from services.customer.adapters.workbooks import ExcelFiles
from services.customer.usecases.ports import Announcement


class SqlCustomerWork(SqlWork[Announcement]):
    """Of customers outside *scope* it knows nothing."""

    def __init__(self, session: Session, sealer: Sealer, scope: Scope = EVERYTHING) -> None:
        super().__init__(session, tables.mailbox, to_message, "customer")
        self.customers = SqlCustomers(session, sealer, scope)
        self.portfolios = SqlPortfolios(session)
        self.transactions = SqlTransactions(session)
        self.households = SqlHouseholds(session)
        self.staff = SqlStaff(session)
        self.grants = SqlGrants(session, scope)
        self.handovers = SqlHandovers(session, scope)
        self.products = SqlProductNames(session)
        self.imports = SqlImports(session, sealer)
        self.workbooks = ExcelFiles()
