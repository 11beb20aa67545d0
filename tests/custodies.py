"""Who looks after whom in memory, behaving as chassis.custody.SqlCustody."""

from datetime import datetime

from chassis.scope import Custody, Reach, Scope, Share, ended_share, granted


class FakeCustodies:
    def __init__(self) -> None:
        self.kept: dict[str, tuple[Custody, int]] = {}
        self.shares: dict[str, tuple[Share, int]] = {}

    def get(self, subject_id: str) -> Custody:
        return self.kept.get(subject_id, (Custody(), 0))[0]

    def sees(self, scope: Scope, subject_id: str) -> bool:
        if subject_id not in self.kept:
            return scope.reach is Reach.INSTITUTION
        return scope.covers(self.get(subject_id), subject_id)

    def granted_to(self, staff_id: str, at: datetime) -> Scope:
        shares = (share for share, _ in self.shares.values() if share.staff_id == staff_id)
        return granted(
            (share.owner_id, share.subject_id)
            for share in shares
            if share.valid_from <= at < share.valid_until
        )

    def put(self, subject_id: str, custody: Custody, sequence: int) -> bool:
        newer = subject_id not in self.kept or self.kept[subject_id][1] < sequence
        if newer:
            self.kept[subject_id] = (custody, sequence)
        return newer

    def share(self, share: Share, sequence: int) -> None:
        if share.share_id not in self.shares or self.shares[share.share_id][1] < sequence:
            self.shares[share.share_id] = (share, sequence)

    def end_share(self, share_id: str, at: datetime, sequence: int) -> None:
        self.share(ended_share(share_id, at), sequence)
